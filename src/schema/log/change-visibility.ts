import { allows, seesOnlyRowsOf } from '../../access.ts';
import type { Entry, EntryFilter } from '../../change.ts';
import { type Condition as EntryCondition, readVisible } from '../../changes/read.ts';
import type { Context } from '../../context.ts';
import { snake } from '../../resource.ts';
import type { Catalog, Model } from '../model/catalog.ts';
import { visibleTo } from '../model/visible.ts';
import { quote, rowsSql, type Statement } from '../sql/sql.ts';

/** What of the log whoever asks may see: entries of resources they may read, about records that are theirs to see. */
export interface Visibility {
  tables: string[];
  /** Those of them that have records which are not theirs to see. */
  guarded: ReadonlySet<string>;
  /** Only where rows are hidden; everybody else is spared the look. */
  condition?: EntryCondition;
}

export function visibilityOf(catalog: Catalog, { principal }: Context): Visibility {
  const readable = [...catalog.values()].filter(({ scopes }) => principal && allows(principal, scopes.read));
  const tables = readable.map(({ table }) => table);
  const hidden = readable.filter((model) => visibleTo(principal, model));
  const guarded = new Set(hidden.map(({ table }) => table));
  if (!guarded.size) return { tables, guarded };
  return {
    tables,
    guarded,
    condition: (bind) => {
      const statement: Statement = { principal, values: [], bind };
      const open = `"resource" <> ALL(string_to_array(${bind([...guarded].join(), 'text')}, ','))`;
      return `(${[open, ...hidden.map((model) => entrySql(statement, model))].join(' OR ')})`;
    },
  };
}

function entrySql(statement: Statement, model: Model): string {
  const own = `"resource" = ${statement.bind(model.table, 'text')}`;
  const exists = existsSql(statement, model, '"changes"."record_id"');
  return `(${own} AND (${exists} OR "op" = 'DESTROYED' AND ${destroyedSql(statement, model)}))`;
}

const existsSql = (statement: Statement, model: Model, id: string): string =>
  `EXISTS (SELECT 1 FROM ${quote(model.table)} t WHERE t."id" = ${id} AND ${rowsSql(statement, model, 't', 'INCLUDE')})`;

/** Whose a record was that is gone can only be told by its last entry. */
function destroyedSql(statement: Statement, model: Model): string {
  const { owned, personal } = model;
  if (personal) return `"before" ->> ${statement.bind(snake(personal.owner), 'text')} = ${statement.bind(statement.principal?.id, 'text')}`;
  const whose = seesOnlyRowsOf(statement.principal);
  if (!owned || whose === undefined) return 'TRUE';
  if ('by' in owned) {
    const owner = `"before" ->> ${statement.bind(snake(owned.by), 'text')}`;
    return `(${owner} IS NULL OR ${owner} = ${statement.bind(whose, 'text')})`;
  }
  const parent = Object.values(model.relations).find(({ key, many }) => !many && key === owned.through);
  return parent ? existsSql(statement, parent.target, `("before" ->> ${statement.bind(snake(owned.through), 'text')})::int`) : 'FALSE';
}

/** Narrows what is asked for to what may be seen. */
export function narrowed(filter: EntryFilter, { tables }: Visibility): EntryFilter {
  return { ...filter, tables: filter.tables ? filter.tables.filter((table) => tables.includes(table)) : tables };
}

/** Which of these entries may be seen; undefined where all may. */
export const seer = (context: Context, { condition, guarded }: Visibility): ((entries: Entry[]) => Promise<Entry[]>) | undefined =>
  condition && (async (entries) => (entries.some(({ table }) => guarded.has(table)) ? readVisible(context, entries, condition) : entries));
