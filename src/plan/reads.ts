import { type GraphQLField, type GraphQLObjectType, getNamedType } from 'graphql';
import { allows, type Principal, seesOnlyRowsOf } from '../access.ts';
import type { Shortened } from '../context.ts';
import { keysOf } from '../schema/graphql/federation.ts';
import { type ListArguments, parseQuery } from '../schema/graphql/list.ts';
import { mostNodes } from '../schema/graphql/relay.ts';
import type { Model } from '../schema/model/catalog.ts';
import { parseGlobalId, parseId } from '../schema/model/ids.ts';
import { everything, type Query } from '../schema/model/tree.ts';
import { type Key, positionColumns, signature } from '../schema/sql/order.ts';
import { limitSql, rangeSql, whereSql } from '../schema/sql/read.ts';
import { searchComplexity } from '../schema/sql/search.ts';
import { idsSql, quote, rowsSql, type Statement } from '../schema/sql/sql.ts';
import { tellOfKids, tellOfPage } from './cut.ts';
import type { Nodes, Said, Variant } from './document.ts';
import { pageText } from './page-text.ts';
import { columnsSql, newLevel, newReads, recordText } from './records.ts';
import { type Asking, add, type Reply, related } from './related.ts';
import type { Level, Range, WriteRecord } from './shape.ts';
import { standard } from './standard.ts';
import { hasVariable, type Values } from './variables.ts';

/** A root field, ready to be asked: adds its statements, and returns how the rows become its value. */
export type Root = (asking: Asking) => Value;

export interface Value {
  /** Settles when there is nothing more to wait for but the rows. */
  ready?: Promise<void>;
  text(reply: Reply): string;
  /** The lists in it that have more than is written. */
  tell(reply: Reply, tell: (cut: Shortened) => void): void;
}

export interface Field {
  key: string;
  field: GraphQLField<unknown, unknown>;
  nodes: Nodes;
  said: Said;
  /** Of its arguments. */
  values(variables: Values): Values;
}

/** The values of the view's arguments as those of the schema's. */
export const nested = ({ said }: Field, values: Values): Values => (said.nest ? said.nest(values) : values);

export const argumentsOf = (field: Field, variables: Values): Values => nested(field, field.values(variables));

export const modelOf = ({ catalog }: Variant, name: string): Model => catalog.get(name) ?? standard(name);

export const one: Query = { where: everything, trash: 'EXCLUDE', order: [], page: { limit: 1, offset: 0, fromEnd: false } };

const frame = (query: Query, level: Level) => ({ query, order: signature(query), positionAt: level.columns.length, total: undefined });

/** Rows of a statement that has nothing but records. */
export function recordsIn(reply: Reply, at: number, kids: Range['kids'], query: Query, level: Level): Range {
  const { cells, width } = reply.results[at] ?? standard('no rows');
  return { ...frame(query, level), cells, width, size: width, from: 0, count: cells.length / (width || 1), more: false, kids };
}

/** The record with the argument `id`. */
export function oneRoot(variant: Variant, asked: Field, resource: string): Root {
  const model = modelOf(variant, resource);
  const level = newLevel(model);
  const write = recordText(variant, level, asked.nodes, () => []);
  const isShared = isPlain(level);
  let shared: { texts: string[]; value: Value; cost: number } | undefined;

  function make(asking: Asking, id: number): Value {
    const at = add(asking, (made) => {
      const bound = made.bind(id, 'int');
      return `SELECT ${columnsSql(level)} FROM ${quote(model.table)} t WHERE t."id" = ${bound} AND ${rowsSql(made, model, 't', 'EXCLUDE')}`;
    });
    const decode = related(asking, level, { one: (made) => made.bind(id, 'int') }, 1);
    const rangeOf = (reply: Reply) => {
      const range = recordsIn(reply, at, [], one, level);
      return range.count ? { ...range, kids: decode(reply) } : range;
    };
    return {
      text: (reply) => {
        const { cells, kids, count } = rangeOf(reply);
        return count ? write(cells, 0, kids) : 'null';
      },
      tell: (reply, tell) => tellOfKids(level, rangeOf(reply), [asked.key], tell),
    };
  }

  return (asking) => {
    const id = parseId(model, argumentsOf(asked, asking.variables)['id']);
    // Whoever sees all rows shares the texts that are the same for all of them.
    if (!isShared || asking.statements.length || !seesAll(asking.principal, level)) return make(asking, id);
    if (shared) {
      for (const text of shared.texts) asking.statements.push({ text, values: [String(id)] });
      asking.cost += shared.cost;
      return shared.value;
    }
    const value = make(asking, id);
    if (asking.statements.every(({ values }) => values.length === 1))
      shared = { texts: asking.statements.map(({ text }) => text), value, cost: asking.cost };
    return value;
  };
}

/** Arguments that decide nothing but how many: a condition is made for whoever asks, and refused to whoever may not ask it. */
const sizes: ReadonlySet<string> = new Set(['limit', 'first', 'last']);

const isPlain = ({ kids }: Level): boolean =>
  kids.every(
    ({ nodes, level }) =>
      nodes.every(({ arguments: given = [] }) => given.every((each) => sizes.has(each.name.value) && !hasVariable(each))) && isPlain(level),
  );

const seesAll = (principal: Principal, { model, kids }: Level): boolean =>
  seesOnlyRowsOf(principal) === undefined && !model.personal && kids.every(({ level }) => seesAll(principal, level));

/** A page of a resource's records. */
export function pageRoot(variant: Variant, asked: Field, resource: string): Root {
  const model = modelOf(variant, resource);
  const level = newLevel(model);
  const type = getNamedType(asked.field.type) as GraphQLObjectType; // of every list
  const reads = newReads();
  const page = pageText({ variant, level, reads, records: recordText }, asked.nodes, type);

  return (asking) => {
    const query = parseQuery(model, argumentsOf(asked, asking.variables) as ListArguments);
    const { limit } = query.page;
    asking.cost += 1 + searchComplexity(query.search) + limit;
    if (query.search) {
      if (level.kids.length) standard('what belongs to records that are searched for');
      asking.searches.push(query.search);
    }
    const listed = (columns: (keys: Key[]) => string, most: number) => (made: Statement) => {
      const { keys, range } = rangeSql(made, model, query);
      return `SELECT ${columns(keys)} ${range} ${limitSql(query, most)}`;
    };
    const columns = (keys: Key[]) => [columnsSql(level), ...(reads.positions ? positionColumns(keys) : [])].join(', ');
    const at = reads.rows ? add(asking, listed(columns, limit + 1)) : undefined;
    const decode = related(asking, level, { list: (made) => listed(() => 't."id" AS "id"', limit)(made) }, limit);
    const totalAt = reads.total
      ? add(asking, (made) => `SELECT count(*) FROM ${quote(model.table)} t WHERE ${whereSql(made, model, query)}`)
      : undefined;
    const around = frame(query, level);

    const rangeOf = (reply: Reply): Range => {
      const { cells, width } = (at === undefined ? undefined : reply.results[at]) ?? { cells: [], width: 1 };
      const found = cells.length / (width || 1);
      const total = totalAt === undefined ? undefined : (reply.results[totalAt]?.cells[0] ?? undefined);
      const kids = level.kids.length ? decode(reply) : [];
      if (found > limit && !page.hasEnds) reply.cut = true;
      return { ...around, cells, width, size: width, from: 0, count: Math.min(found, limit), more: found > limit, kids, total };
    };
    return {
      text: (reply) => page.write(rangeOf(reply)),
      tell: (reply, tell) => {
        const range = rangeOf(reply);
        tellOfPage(range, page.hasEnds, [asked.key], tell);
        tellOfKids(level, range, [asked.key], tell);
      },
    };
  };
}

/** What is asked of the records of one resource where any may come. */
interface NodeKind {
  level: Level;
  write: WriteRecord;
  scopes: ReadonlySet<string>;
}

/** Which records are asked for; undefined where there is no such kind. */
type PlacesOf = (variant: Variant, given: Values) => ReturnType<typeof parseGlobalId>[];

/** Those with the arguments `id`, `ids` and `representations`. */
export const placesOf: Record<'node' | 'nodes' | 'entities', PlacesOf> = {
  node: ({ catalog }, { id }) => [parseGlobalId(catalog, String(id))],
  nodes: ({ catalog }, { ids }) => {
    const all = ids as unknown[]; // coerced to a list
    return all.length > mostNodes ? standard('too many') : all.map((id) => parseGlobalId(catalog, String(id)));
  },
  entities: (variant, { representations }) =>
    keysOf(variant.catalog, representations as Values[]).map(({ typename, id }) => ({ model: modelOf(variant, typename), id: Number(id) })),
};

/** Records of whatever kinds, `many` or one. */
export function nodesRoot(variant: Variant, asked: Field, which: PlacesOf, many: boolean): Root {
  const kinds = new Map<Model, NodeKind>();
  const kindOf = (model: Model): NodeKind => {
    const known = kinds.get(model);
    if (known) return known;
    const own: Variant = { ...variant, scopes: new Set([model.scopes.read]) };
    const level = newLevel(model);
    const made = { level, write: recordText(own, level, asked.nodes, () => []), scopes: own.scopes };
    kinds.set(model, made);
    return made;
  };

  return (asking) => {
    const places = which(variant, argumentsOf(asked, asking.variables));
    const groups = Map.groupBy(
      places.filter((place) => place !== undefined),
      ({ model }) => model,
    );
    const rows = [...groups].map(([model, those]): [Model, (reply: Reply) => Range] => {
      const kind = kindOf(model);
      if (![...kind.scopes].every((scope) => allows(asking.principal, scope))) standard('scope');
      return [model, nodeRows(asking, kind.level, [...new Set(those.map(({ id }) => id))])];
    });
    /** Each place with the one record that is there, if any. */
    const found = (reply: Reply) => {
      const ranges = new Map(rows.map(([model, rangeOf]) => [model, byId(rangeOf(reply))]));
      return places.map((place) => place && { kind: kindOf(place.model), range: ranges.get(place.model)?.get(String(place.id)) });
    };
    return {
      text: (reply) => {
        const texts = found(reply).map((each) =>
          each?.range ? each.kind.write(each.range.cells, each.range.from, each.range.kids) : 'null',
        );
        return many ? `[${texts.join()}]` : (texts[0] ?? 'null');
      },
      tell: (reply, tell) => {
        for (const [index, each] of found(reply).entries())
          if (each?.range) tellOfKids(each.kind.level, each.range, many ? [asked.key, index] : [asked.key], tell);
      },
    };
  };
}

function nodeRows(asking: Asking, level: Level, ids: readonly number[]): (reply: Reply) => Range {
  const { model } = level;
  const at = add(
    asking,
    (made) =>
      `SELECT ${columnsSql(level)} FROM ${quote(model.table)} t WHERE t."id" = ANY(${idsSql(made, ids)}) AND ${rowsSql(made, model, 't', 'EXCLUDE')}`,
  );
  const decode = related(asking, level, { list: (made) => `SELECT unnest(${idsSql(made, ids)}) AS "id"` }, ids.length);
  return (reply) => recordsIn(reply, at, level.kids.length ? decode(reply) : [], one, level);
}

const byId = (range: Range): Map<string | null | undefined, Range> =>
  new Map(
    Array.from({ length: range.count }, (_, index) => {
      const from = index * range.width;
      return [range.cells[from], { ...range, from, count: 1 }];
    }),
  );
