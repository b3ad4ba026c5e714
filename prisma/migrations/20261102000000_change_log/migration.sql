-- One log of every change. Triggers write it, so that no writer can forget it: not a service, not a bulk
-- statement, not a cascade, not somebody at the SQL prompt.

CREATE TABLE "changes" (
    "id" BIGSERIAL NOT NULL,
    -- Ids are drawn before the commit and may commit out of order; readers go by (xid, id) below the oldest running transaction.
    "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resource" TEXT NOT NULL,
    "record_id" INTEGER NOT NULL,
    "op" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "actor" TEXT,
    "surface" TEXT NOT NULL,
    "change_set" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "changes_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "changes_xid_id_idx" ON "changes"("xid", "id");
CREATE INDEX "changes_resource_record_id_xid_id_idx" ON "changes"("resource", "record_id", "xid", "id");
CREATE INDEX "changes_change_set_idx" ON "changes"("change_set");
CREATE INDEX "changes_at_idx" ON "changes" USING BRIN ("at");

CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Retention, and nothing else, says so.
    IF TG_OP = 'DELETE' AND current_setting('facet.retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the change log is append-only' USING ERRCODE = 'insufficient_privilege';
END;
$$;

CREATE TRIGGER "changes_append_only" BEFORE UPDATE OR DELETE ON "changes" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();

-- A write that changes nothing is no change: no new version, no entry.
CREATE OR REPLACE FUNCTION "touch_row"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW IS DISTINCT FROM OLD THEN
        NEW."version" := OLD."version" + 1;
        NEW."updated_at" := now();
    END IF;
    RETURN NEW;
END;
$$;

-- Once per statement and not per row: a bulk write costs one INSERT into the log, whatever its size.
-- The transaction says who, through which surface and in which change set (see context.ts).
CREATE FUNCTION "record_changes"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    who TEXT := nullif(current_setting('facet.actor', true), '');
    door TEXT := coalesce(nullif(current_setting('facet.surface', true), ''), 'database');
    bundle TEXT := coalesce(nullif(current_setting('facet.change_set', true), ''), 'tx-' || pg_current_xact_id()::text);
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO "changes" ("resource", "record_id", "op", "version", "actor", "surface", "change_set", "after")
        SELECT TG_TABLE_NAME, f."id", 'CREATED', f."version", who, door, bundle, jsonb_strip_nulls(to_jsonb(f))
        FROM fresh f ORDER BY f."id";
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO "changes" ("resource", "record_id", "op", "version", "actor", "surface", "change_set", "before")
        SELECT TG_TABLE_NAME, s."id", 'DESTROYED', s."version", who, door, bundle, jsonb_strip_nulls(to_jsonb(s))
        FROM stale s ORDER BY s."id";
    ELSE
        INSERT INTO "changes" ("resource", "record_id", "op", "version", "actor", "surface", "change_set", "before", "after")
        SELECT TG_TABLE_NAME, pair."id",
            CASE WHEN NOT diff."after" ? 'deleted_at' THEN 'UPDATED'
                 WHEN diff."after" -> 'deleted_at' = 'null' THEN 'RESTORED'
                 ELSE 'DELETED' END,
            pair."version", who, door, bundle, diff."before", diff."after"
        FROM (SELECT f."id", f."version", to_jsonb(s) AS "was", to_jsonb(f) AS "is" FROM fresh f JOIN stale s ON s."id" = f."id") pair
        CROSS JOIN LATERAL (
            SELECT jsonb_object_agg(field.key, pair."was" -> field.key) AS "before", jsonb_object_agg(field.key, field.value) AS "after"
            FROM jsonb_each(pair."is") field
            WHERE field.value IS DISTINCT FROM pair."was" -> field.key AND field.key NOT IN ('version', 'updated_at')
        ) diff
        WHERE diff."after" IS NOT NULL
        ORDER BY pair."id";
    END IF;
    RETURN NULL;
END;
$$;

-- What every table of records has; db:migrate calls it for new ones.
CREATE FUNCTION "log_changes_of"("name" TEXT) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %I REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION record_changes()', "name" || '_log_insert', "name");
    EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON %I REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION record_changes()', "name" || '_log_update', "name");
    EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON %I REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION record_changes()', "name" || '_log_delete', "name");
END;
$$;

SELECT log_changes_of('customers');
SELECT log_changes_of('orders');
SELECT log_changes_of('contacts');
