-- Erasing: a record goes with every value that was kept of it. That it was there, what was done to it, when and by whom
-- stays in the log; entries keep the names of their fields and the numbers of records that they point to, which say whose
-- they were.

ALTER TABLE "changes" ADD COLUMN "erased_at" TIMESTAMPTZ(6), ADD COLUMN "reason" VARCHAR(255);
CREATE INDEX "changes_erased_at_idx" ON "changes"("erased_at") WHERE "erased_at" IS NOT NULL;

CREATE FUNCTION "without_values"("of_table" TEXT, "state" JSONB) RETURNS JSONB LANGUAGE sql STABLE AS $$
    SELECT jsonb_object_agg(field.key, CASE WHEN field.key IN (
        SELECT a.attname::text FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY(k.conkey)
        WHERE k.contype = 'f' AND k.conrelid = to_regclass(quote_ident("of_table")) AND a.atttypid = 'integer'::regtype
    ) THEN field.value ELSE 'null'::jsonb END)
    FROM jsonb_each("state") field
$$;

-- The log is append-only, with two exceptions, each for a transaction that says so: retention removes entries, and
-- erasure empties them, which is all that it can do to them.
CREATE OR REPLACE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    emptied CONSTANT TEXT[] := ARRAY['before', 'after', 'erased_at'];
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('facet.retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND current_setting('facet.erasure', true) = 'on' AND NEW."erased_at" IS NOT NULL
        AND NEW."before" IS NOT DISTINCT FROM without_values(OLD."resource", OLD."before")
        AND NEW."after" IS NOT DISTINCT FROM without_values(OLD."resource", OLD."after")
        AND to_jsonb(NEW) - emptied = to_jsonb(OLD) - emptied THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the change log is append-only' USING ERRCODE = 'insufficient_privilege';
END;
$$;

-- Empties what is kept of these records, and of those that hung on them and are gone: entries of the log, and answers that
-- wait to be repeated, whose requests must not run again.
CREATE FUNCTION "erase_kept"("of_table" TEXT, "records" INTEGER[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    child RECORD;
    former INTEGER[];
BEGIN
    UPDATE "changes" c SET "before" = without_values("of_table", c."before"), "after" = without_values("of_table", c."after"), "erased_at" = now()
    WHERE c."resource" = "of_table" AND c."record_id" = ANY("records") AND c."erased_at" IS NULL;
    UPDATE "idempotency_keys" k SET "result" = '{"erased": true}'
    WHERE coalesce(k."result" ->> 'table', "of_table") = "of_table" AND EXISTS (
        SELECT 1 FROM jsonb_path_query(k."result" -> 'result', '$.**.id') AS found("id") WHERE found."id" #>> '{}' = ANY("records"::text[]));
    FOR child IN
        SELECT t.relname::text AS "table", a.attname::text AS "column" FROM pg_constraint k
        JOIN pg_class t ON t.oid = k.conrelid JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
        WHERE k.contype = 'f' AND k.confrelid = to_regclass(quote_ident("of_table")) AND (k.confdeltype = 'c' OR t.relname = 'account_events')
            AND EXISTS (SELECT 1 FROM "changes" c WHERE c."resource" = t.relname::text)
    LOOP
        EXECUTE format('SELECT array_agg(DISTINCT c."record_id") FROM "changes" c WHERE c."resource" = %1$L AND c."erased_at" IS NULL
            AND (c."before" ->> %2$L = ANY($1) OR c."after" ->> %2$L = ANY($1)) AND NOT EXISTS (SELECT 1 FROM %1$I t WHERE t."id" = c."record_id")',
            child."table", child."column") INTO former USING "records"::text[];
        IF former IS NOT NULL THEN PERFORM erase_kept(child."table", former); END IF;
    END LOOP;
END;
$$;

-- As before; in a transaction that erases, what is deleted is told without its values, and what was kept of it goes.
CREATE OR REPLACE FUNCTION "record_changes"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    who TEXT := nullif(current_setting('facet.actor', true), '');
    door TEXT := coalesce(nullif(current_setting('facet.surface', true), ''), 'database');
    bundle TEXT := coalesce(nullif(current_setting('facet.change_set', true), ''), 'tx-' || pg_current_xact_id()::text);
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO "changes" ("resource", "record_id", "op", "version", "actor", "surface", "change_set", "after")
        SELECT TG_TABLE_NAME, f."id", 'CREATED', f."version", who, door, bundle, jsonb_strip_nulls(to_jsonb(f))
        FROM fresh f ORDER BY f."id";
    ELSIF TG_OP = 'DELETE' AND current_setting('facet.erasure', true) = 'on' THEN
        INSERT INTO "changes" ("resource", "record_id", "op", "version", "actor", "surface", "change_set", "before", "erased_at", "reason")
        SELECT TG_TABLE_NAME, s."id", 'DESTROYED', s."version", who, door, bundle,
            without_values(TG_TABLE_NAME, jsonb_strip_nulls(to_jsonb(s))), now(), nullif(current_setting('facet.erasure_reason', true), '')
        FROM stale s ORDER BY s."id";
        PERFORM erase_kept(TG_TABLE_NAME, ARRAY(SELECT s."id" FROM stale s));
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
            WHERE field.value IS DISTINCT FROM pair."was" -> field.key AND field.key NOT IN ('version', 'updated_at', 'last_used_at')
        ) diff
        WHERE diff."after" IS NOT NULL
        ORDER BY pair."id";
    END IF;
    RETURN NULL;
END;
$$;

CREATE OR REPLACE FUNCTION "record_credential"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_new BOOLEAN := TG_OP = 'INSERT';
    erasing BOOLEAN := TG_OP = 'DELETE' AND coalesce(current_setting('facet.erasure', true), '') = 'on';
    -- As JSON: the tables do not have the same columns.
    whole JSONB := CASE WHEN TG_OP = 'INSERT' THEN to_jsonb(NEW) ELSE to_jsonb(OLD) END;
    told JSONB := jsonb_strip_nulls(jsonb_build_object('user_id', whole -> 'user_id', 'ip_address', whole -> 'ip_address',
        'user_agent', whole -> 'user_agent', 'client_id', whole -> 'client_id', 'scopes', whole -> 'scopes'));
BEGIN
    IF erasing THEN told := without_values(TG_TABLE_NAME, told); END IF;
    INSERT INTO "changes" ("resource", "record_id", "op", "version", "actor", "surface", "change_set", "before", "after", "erased_at", "reason")
    VALUES (TG_TABLE_NAME, (whole ->> 'id')::integer, CASE WHEN is_new THEN 'CREATED' ELSE 'DESTROYED' END, 1,
        coalesce(nullif(current_setting('facet.actor', true), ''), whole ->> 'user_id'),
        coalesce(nullif(current_setting('facet.surface', true), ''), 'system'),
        coalesce(nullif(current_setting('facet.change_set', true), ''), 'tx-' || pg_current_xact_id()::text),
        CASE WHEN NOT is_new THEN told END, CASE WHEN is_new THEN told END,
        CASE WHEN erasing THEN now() END, CASE WHEN erasing THEN nullif(current_setting('facet.erasure_reason', true), '') END);
    IF erasing THEN PERFORM erase_kept(TG_TABLE_NAME, ARRAY[(whole ->> 'id')::integer]); END IF;
    RETURN NULL;
END;
$$;

-- With a person goes what is known of them without hanging on them: attempts at signing in, which outlive accounts
-- otherwise, and invitations.
CREATE FUNCTION "erase_person"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM "account_events" WHERE "user_id" = OLD."id";
    DELETE FROM "verifications" WHERE "value" = OLD."id"::text;
    DELETE FROM "invitations" WHERE lower("email") = lower(OLD."email");
    PERFORM erase_kept('invitations', ARRAY(SELECT DISTINCT c."record_id" FROM "changes" c
        WHERE c."resource" = 'invitations' AND lower(coalesce(c."after", c."before") ->> 'email') = lower(OLD."email")));
    RETURN OLD;
END;
$$;
CREATE TRIGGER "users_erase" BEFORE DELETE ON "users" FOR EACH ROW
WHEN (current_setting('facet.erasure', true) = 'on') EXECUTE FUNCTION "erase_person"();

-- What was deleted before it was to be erased: the log tells of it once more.
CREATE FUNCTION "erase_deleted"("of_table" TEXT, "record" INTEGER) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM erase_kept("of_table", ARRAY["record"]);
    INSERT INTO "changes" ("resource", "record_id", "op", "version", "actor", "surface", "change_set", "before", "erased_at", "reason")
    SELECT c."resource", c."record_id", 'DESTROYED', c."version" + 1, nullif(current_setting('facet.actor', true), ''),
        current_setting('facet.surface', true), current_setting('facet.change_set', true), c."before", now(),
        nullif(current_setting('facet.erasure_reason', true), '')
    FROM "changes" c WHERE c."resource" = "of_table" AND c."record_id" = "record" ORDER BY c."xid" DESC, c."id" DESC LIMIT 1;
END;
$$;
