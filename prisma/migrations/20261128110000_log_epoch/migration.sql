-- The log knows which log it is. Transaction numbers belong to a PostgreSQL cluster: after a restore, a recovery or a move
-- they may start lower, or mean other transactions. So places in the log are numbers plus an offset, which only grows,
-- and a cursor names the epoch it was taken in. Both change together in renew_log().
-- They are constants in functions, not rows, so that a statement pays nothing for them and that a transaction with an old
-- snapshot sees the new ones. STABLE although they never vary: an IMMUTABLE one would be folded into cached plans for good.

CREATE TABLE "change_log" (
    "id" INTEGER NOT NULL DEFAULT 1 CHECK ("id" = 1),
    "identity" TEXT NOT NULL,
    "renewed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "change_log_pkey" PRIMARY KEY ("id")
);

-- Where the log lives. A dump that is restored anywhere has another table, a moved cluster another identifier, a promoted
-- standby or a point-in-time recovery another timeline. What a managed server does not tell is left empty.
CREATE FUNCTION "log_identity"() RETURNS TEXT LANGUAGE plpgsql STABLE AS $$
DECLARE
    cluster TEXT := '';
    timeline TEXT := '';
BEGIN
    BEGIN
        SELECT "system_identifier"::text INTO cluster FROM pg_control_system();
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
    BEGIN
        timeline := left(pg_walfile_name(pg_current_wal_insert_lsn()), 8);
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
    RETURN concat_ws('/', cluster, timeline, (SELECT "oid" FROM pg_database WHERE "datname" = current_database()), to_regclass('changes')::oid);
END;
$$;

CREATE FUNCTION "log_offset"() RETURNS BIGINT LANGUAGE sql STABLE PARALLEL SAFE AS 'SELECT 0::bigint';

DO $$
BEGIN
    EXECUTE format('CREATE FUNCTION "log_epoch"() RETURNS TEXT LANGUAGE sql STABLE PARALLEL SAFE AS %L', format('SELECT %L::text', left(replace(gen_random_uuid()::text, '-', ''), 12)));
END;
$$;

-- As before, plus the offset.
CREATE OR REPLACE FUNCTION "log_place"() RETURNS xid8 LANGUAGE sql STABLE AS $$
    SELECT (greatest(pg_current_xact_id()::text::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1) + log_offset())::text::xid8
$$;

-- Entries below this are in their final order: no transaction that could still add one before them is running.
CREATE FUNCTION "log_settled"() RETURNS xid8 LANGUAGE sql STABLE AS $$
    SELECT (pg_snapshot_xmin(pg_current_snapshot())::text::bigint + log_offset())::text::xid8
$$;

-- No entry has this place or a later one.
CREATE FUNCTION "log_end"() RETURNS xid8 LANGUAGE sql STABLE AS $$
    SELECT (pg_snapshot_xmax(pg_current_snapshot())::text::bigint + log_offset())::text::xid8
$$;

-- The newest place that is written down anywhere.
CREATE FUNCTION "log_newest"() RETURNS BIGINT LANGUAGE sql STABLE AS $$
    SELECT greatest(
        (SELECT "xid" FROM "changes" ORDER BY "changes"."xid" DESC LIMIT 1)::text::bigint,
        (SELECT max("xid"::text::bigint) FROM "change_floors"),
        (SELECT max("xid"::text::bigint) FROM "webhook_states"),
        0)
$$;

-- Begins a new epoch, behind everything that is in the log and that may have been lost from it. Whoever comes back with a
-- cursor of an earlier epoch is told that it is gone; webhooks go on where they are. check_log() calls it when the
-- database tells that it is another one. Call it yourself after restoring what keeps its identity: a snapshot of a volume.
CREATE FUNCTION "renew_log"() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    ahead CONSTANT BIGINT := 4294967296;
    own BIGINT;
BEGIN
    -- Writers that have begun end first, those that come later are planned with what is made here.
    LOCK TABLE "changes" IN SHARE ROW EXCLUSIVE MODE;
    own := pg_current_xact_id()::text::bigint;
    EXECUTE format('CREATE OR REPLACE FUNCTION "log_offset"() RETURNS BIGINT LANGUAGE sql STABLE PARALLEL SAFE AS %L',
        format('SELECT %s::bigint', greatest(log_newest(), own + log_offset()) + ahead - own));
    EXECUTE format('CREATE OR REPLACE FUNCTION "log_epoch"() RETURNS TEXT LANGUAGE sql STABLE PARALLEL SAFE AS %L',
        format('SELECT %L::text', left(replace(gen_random_uuid()::text, '-', ''), 12)));
    -- Webhook messages are known by the ids of entries: none may be used again that was lost and had been delivered.
    PERFORM setval(pg_get_serial_sequence('changes', 'id'), nextval(pg_get_serial_sequence('changes', 'id')) + 1000000000 + floor(random() * 1000000000)::bigint);
    INSERT INTO "change_log" ("identity") VALUES (log_identity())
    ON CONFLICT ("id") DO UPDATE SET "identity" = excluded."identity", "renewed_at" = now();
END;
$$;

-- Whether the log was found to live elsewhere, or ahead of its transactions, and so was renewed.
CREATE FUNCTION "check_log"() RETURNS BOOLEAN LANGUAGE plpgsql AS $$
BEGIN
    -- Of several processes one renews.
    PERFORM pg_advisory_xact_lock(72707372);
    IF log_identity() IS NOT DISTINCT FROM (SELECT "identity" FROM "change_log") AND log_newest() <= log_end()::text::bigint THEN
        RETURN false;
    END IF;
    PERFORM renew_log();
    RETURN true;
END;
$$;

INSERT INTO "change_log" ("identity") VALUES (log_identity());
