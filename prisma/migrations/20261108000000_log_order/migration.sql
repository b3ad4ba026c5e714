-- The log in an order in which the versions of each record follow one another. A transaction's own number does not
-- give it: one that began earlier may change a record after one that began later. So an entry also stands behind every
-- transaction that was finished when it was written, and never before its own: what is below the oldest transaction
-- that is still running is final.
CREATE FUNCTION "log_place"() RETURNS xid8 LANGUAGE sql STABLE AS $$
    SELECT greatest(pg_current_xact_id()::text::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1)::text::xid8
$$;
ALTER TABLE "changes" ALTER COLUMN "xid" SET DEFAULT log_place();
