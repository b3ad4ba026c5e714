import type { Db } from '../../context.ts';

interface Row {
  active: number;
  failing: number;
  paused: number;
  backlog: number;
}

/** For metrics: how many webhooks there are in each state, and how far the one furthest behind is. */
export async function deliveryGauges(db: Db) {
  const [{ backlog = 0, ...states } = { active: 0, failing: 0, paused: 0 }] = await db.$queryRaw<Row[]>`
    SELECT count(*) FILTER (WHERE w."active" AND s."failing_since" IS NULL)::int AS "active",
      count(*) FILTER (WHERE w."active" AND s."failing_since" IS NOT NULL)::int AS "failing",
      count(*) FILTER (WHERE NOT w."active" AND w."paused_at" IS NOT NULL)::int AS "paused",
      coalesce(max(b."entries") FILTER (WHERE w."active"), 0)::int AS "backlog"
    FROM "webhooks" w JOIN "webhook_states" s ON s."webhook_id" = w."id" CROSS JOIN LATERAL (
      SELECT count(*) AS "entries" FROM (
        SELECT 1 FROM "changes" c WHERE (c."xid", c."id") > (s."xid", s."entry_id") ORDER BY c."xid", c."id" LIMIT 10000) "ahead") b`;
  return [
    { name: 'facet_webhooks', help: 'Webhooks by state.', by: 'state', values: states },
    {
      name: 'facet_webhook_backlog_entries',
      help: 'Entries of the change log that the webhook furthest behind has not dealt with; counted to 10000.',
      values: { '': backlog },
    },
  ];
}
