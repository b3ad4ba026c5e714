import { allows } from '../../access.ts';
import type { Context } from '../../context.ts';
import { badInput } from '../../errors.ts';
import type { Catalog, Model } from '../model/catalog.ts';
import { globalId } from '../model/ids.ts';
import { mayRead } from '../model/visible.ts';
import { run } from '../sql/read.ts';
import { chargeSearch, rankSql, searchable, searchComplexity, searchSql } from '../sql/search.ts';
import { column, quote, rowsSql, statement } from '../sql/sql.ts';
import type { Builder } from './builder.ts';
import { checkRange, offsetArgument } from './list.ts';
import { readNode } from './queries.ts';
import { scopeToRead } from './relay.ts';
import { firstOf } from './shortened.ts';

interface Hit {
  resource: string;
  id: number;
  title: string;
  rank: number;
  parentResource: string | null;
  parentId: number | null;
  parentTitle: string | null;
}

const mostHits = 100;

/** Adds `search`: one box over everything that has searchable fields. */
export function addSearch(builder: Builder, catalog: Catalog): void {
  const hit = builder.objectRef<Hit>('SearchResult').implement({
    description: 'A record that matches a search.',
    fields: (t) => ({
      // Not `id`: caches of clients would take the match for the record itself.
      recordId: t.id({
        description: 'The global id of the record.',
        extensions: { id: '' },
        resolve: ({ resource, id }) => globalId({ name: resource }, id),
      }),
      resource: t.exposeString('resource', { description: 'What kind of record it is, such as `Customer`.' }),
      databaseId: t.exposeInt('id', { description: 'The number in the global id.' }),
      title: t.exposeString('title', { description: 'The record’s title.' }),
      rank: t.float({
        description: 'Relevance; results are sorted by it, best first.',
        resolve: ({ rank }) => Number(rank.toFixed(4)),
      }),
      parentResource: t.exposeString('parentResource', {
        nullable: true,
        description: 'What kind of record it belongs to, such as the customer of a contact; null for what stands alone.',
      }),
      parentId: t.exposeInt('parentId', { nullable: true, description: 'The number in the global id of that record.' }),
      parentTitle: t.exposeString('parentTitle', { nullable: true, description: 'The title of that record, for those who may read it.' }),
      record: t.field({
        type: 'Node',
        nullable: true,
        description: 'The record itself.',
        authScopes: ({ resource }, _args, _context, info) => scopeToRead(info, resource),
        resolve: ({ resource, id }, _args, context, info) => readNode(context, catalog, { typename: resource, id: String(id) }, info),
      }),
    }),
  });
  const models = [...catalog.values()].filter((model) => searchable(model).length);
  builder.queryField('search', (t) =>
    t.field({
      type: [hit],
      description: `Find ${models.map(({ label }) => label.many.toLowerCase()).join(', ')} by whole words, their beginnings, parts of them or similar spelling; best match first.`,
      args: {
        query: t.arg.string({ required: true, description: 'Search text.' }),
        first: t.arg.int({
          required: true,
          defaultValue: 20,
          description: `Maximum number of results, up to ${mostHits}.`,
          extensions: { schema: { minimum: 1, maximum: mostHits } },
        }),
        offset: offsetArgument(t),
      },
      complexity: ({ query, first }) => ({ field: 1 + searchComplexity(query), multiplier: first }),
      authScopes: { signedIn: true },
      extensions: {
        operation: {
          name: 'search',
          resource: '',
          kind: 'query',
          // Whoever may read something may look for it; what one may not read is not looked at.
          rest: { method: 'GET', path: '/search', tags: ['search'], status: 200 },
          mcp: { tool: 'search' },
        },
      },
      resolve: async (_root, { query, first, offset }, context, info) => {
        checkRange({ limit: 0, offset });
        if (first < 1 || first > mostHits) throw badInput([{ path: ['first'], message: `is ${first}; it goes from 1 to ${mostHits}` }]);
        if (query.length > 200) throw badInput([{ path: ['query'], message: 'is longer than 200 characters' }]);
        const { principal } = context;
        const readable = models.filter(({ scopes }) => principal && allows(principal, scopes.read));
        if (!query.trim() || !readable.length) return [];
        chargeSearch(context, query);
        const hits = await searchAll(context, readable, query.trim(), { first: first + 1, offset });
        return firstOf(context, info, hits, { limit: first, offset });
      },
    }),
  );
}

/** The best matches of every resource, merged by rank; one statement. */
function searchAll(
  context: Context,
  models: readonly Model[],
  query: string,
  { first, offset }: { first: number; offset: number },
): Promise<Hit[]> {
  const made = statement(context);
  const parts = models.map((model) => {
    const parent = parentSql(context, model, (text) => made.bind(text, 'text'));
    return (
      `(SELECT ${made.bind(model.name, 'text')} AS "resource", t."id", ${column('t', model.title)}::text AS "title", ${rankSql(made, model, 't', query)} AS "rank", ${parent}` +
      ` FROM ${quote(model.table)} t WHERE ${rowsSql(made, model, 't', 'EXCLUDE')} AND ${searchSql(made, model, 't', query)} ORDER BY "rank" DESC, t."id" LIMIT ${first + offset})`
    );
  });
  return run<Hit>(
    context,
    made,
    `SELECT * FROM (${parts.join(' UNION ALL ')}) "hits" ORDER BY "rank" DESC, "resource", "id" LIMIT ${first} OFFSET ${offset}`,
  );
}

/** The columns of the record that one belongs to. Its title is looked up for what is answered only, as PostgreSQL does that after the LIMIT. */
function parentSql({ principal }: Context, { owned, relations }: Model, text: (value: string) => string): string {
  const through = owned && 'through' in owned ? owned.through : undefined;
  const parent = Object.values(relations).find(({ key, many }) => !many && key === through)?.target;
  if (through === undefined || !parent) return 'NULL::text AS "parentResource", NULL::int AS "parentId", NULL::text AS "parentTitle"';
  const id = column('t', through);
  const title = mayRead(principal, parent)
    ? `(SELECT ${column('p', parent.title)}::text FROM ${quote(parent.table)} p WHERE p."id" = ${id})`
    : 'NULL::text';
  return `${text(parent.name)} AS "parentResource", ${id} AS "parentId", ${title} AS "parentTitle"`;
}
