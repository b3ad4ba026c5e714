import type { Resource } from '../src/resource.ts';
import type { TestDatabase } from './database.ts';

interface Column {
  table: string;
  name: string;
  /** As PostgreSQL calls it: `int4`, `text`, the name of an enum. */
  type: string;
  written: boolean;
  /** The table and column that it points to. */
  target: string | null;
  targetColumn: string | null;
  firstOfEnum: string | null;
}

const catalogSql = `
  SELECT c.relname AS "table", a.attname AS "name", t.typname AS "type",
    a.attidentity = '' AND (a.attnotnull AND (NOT a.atthasdef OR k.oid IS NOT NULL)
      OR (t.typcategory = 'A' OR t.typname IN ('text', 'varchar', 'json', 'jsonb')) AND NOT a.atthasdef AND k.oid IS NULL) AS "written",
    f.relname AS "target", fa.attname AS "targetColumn",
    (SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder LIMIT 1) AS "firstOfEnum"
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum]
  LEFT JOIN pg_class f ON f.oid = k.confrelid
  LEFT JOIN pg_attribute fa ON fa.attrelid = k.confrelid AND fa.attnum = k.confkey[1]
  WHERE c.relkind = 'r' ORDER BY c.relname, a.attnum`;

/**
 * Puts `count` records of every resource into the database, from the columns alone, so that a new model is there without
 * a line. Record n points to record n of whatever it needs, or to record 1 of the resources in `children`.
 */
export async function fillTables(
  { client }: Pick<TestDatabase, 'client'>,
  resources: readonly Resource[],
  count: (resource: string) => number,
  children: readonly string[] = [],
): Promise<void> {
  const columns = Map.groupBy(await client.$queryRawUnsafe<Column[]>(catalogSql), ({ table }) => table);
  const countOf = (table: string) => count(resources.find((resource) => resource.table === table)?.name ?? '');
  const filled = new Set<string>();

  const fill = async (table: string): Promise<void> => {
    if (filled.has(table)) return;
    filled.add(table);
    const written = (columns.get(table) ?? []).filter(({ written: given }) => given);
    for (const { target } of written) if (target) await fill(target);
    const index = (target: string) => (children.includes(table) ? '1' : `least(n, ${countOf(target)})`);
    const values = written.map((column) => valueSql(column, index)).join(', ');
    const names = written.map(({ name }) => `"${name}"`).join(', ');
    await client.$executeRawUnsafe(`INSERT INTO "${table}" (${names}) SELECT ${values} FROM generate_series(1, ${countOf(table)}) n`);
  };
  for (const { table } of resources) await fill(table);
}

/** What row `n` has in a column: another in each row, wherever there are enough values. */
function valueSql({ name, type, target, targetColumn, firstOfEnum }: Column, index: (target: string) => string): string {
  if (target && targetColumn === 'id') return index(target);
  if (target) return `'${targetColumn}' || ${index(target)}`;
  if (firstOfEnum) return `'${firstOfEnum}'::"${type}"`;
  if (/^(int|numeric|float)/.test(type)) return 'n';
  if (type === 'bool') return 'false';
  if (/^(timestamp|date)/.test(type)) return `'2026-01-01'::timestamptz + n * interval '1 day'`;
  if (type.startsWith('json')) return `'[]'::${type}`;
  return type.startsWith('_') ? `'{}'` : `'${name}' || n`;
}
