import { openDatabase } from './client.ts';
import { readMigrationLock, readMigrations } from './migrations.ts';
import { filters, migrationList, openSchemaEngine } from './schema-engine.ts';

/**
 * The SQL that leads from the migrations in `directory` to `schema` (the text of a schema.prisma), or undefined when
 * they agree. Prisma sees neither partial and expression indexes nor checks and triggers, so it leaves ours alone.
 */
export async function diff(directory: string, schema: string): Promise<string | undefined> {
  const scratch = await openDatabase();
  try {
    const engine = await scratch.alone(openSchemaEngine);
    const { stdout } = await engine.diff({
      from: { tag: 'migrations', ...migrationList(readMigrations(directory), readMigrationLock(directory)) },
      to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: schema }] },
      script: true,
      exitCode: null,
      filters,
    });
    if (!stdout || stdout.includes('This is an empty migration')) return undefined;
    return stdout.trimEnd() + additions(stdout);
  } finally {
    await scratch.close();
  }
}

/** What every table of ours has and Prisma cannot write: version, change log, and indexes for sorting by text. */
function additions(sql: string): string {
  const tables = [...sql.matchAll(/^CREATE TABLE "(\w+)" \(\n(.*?)^\);/gms)];
  return `${tables
    .map(([, table = '', columns = '']) => {
      const trigger = /^ +"version" INTEGER/m.test(columns) && /^ +"updated_at" /m.test(columns);
      const texts = [...columns.matchAll(/^ +"(\w+)" VARCHAR\(\d+\) NOT NULL/gm)].map(([, column = '']) => column);
      return [
        ...(trigger
          ? [
              `\n\nCREATE TRIGGER "${table}_touch" BEFORE UPDATE ON "${table}" FOR EACH ROW EXECUTE FUNCTION "touch_row"();`,
              `\n\nSELECT log_changes_of('${table}');`,
            ]
          : []),
        ...texts.map((column) => `\n\nCREATE INDEX "${table}_${column}_sort_idx" ON "${table}"((lower("${column}") COLLATE "C"), "id");`),
      ].join('');
    })
    .join('')}\n`;
}
