import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { diff } from '../../src/db/diff.ts';
import { migrate } from '../../src/db/migrate.ts';
import { migrationNames, migrationsDirectory } from '../../src/db/migrations.ts';
import { onNewDatabase } from '../database.ts';

// Each test makes databases from nothing.
vi.setConfig({ testTimeout: 180_000 });

const scratch = mkdtempSync(join(tmpdir(), 'facet-migrate-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const schema = readFileSync(join(migrationsDirectory, '..', 'schema.prisma'), 'utf8');
const invoice = `
model Invoice {
  id        Int      @id @default(autoincrement())
  number    String   @db.VarChar(50)
  version   Int      @default(1)
  updatedAt DateTime @default(now()) @map("updated_at") @db.Timestamptz(3)

  @@map("invoices")
}`;

/** The project's migrations plus one more. */
function withMigration(sql: string): string {
  const directory = mkdtempSync(join(scratch, 'migrations-'));
  cpSync(migrationsDirectory, directory, { recursive: true });
  mkdirSync(join(directory, '29990101000000_more'));
  writeFileSync(join(directory, '29990101000000_more', 'migration.sql'), sql);
  return directory;
}

test('a fresh database gets every migration, the second time nothing happens', () =>
  onNewDatabase(async (url) => {
    const statements: string[] = [];
    const database = await openDatabase({ url, onStatement: (sql) => statements.push(sql) });
    expect(await migrate(database)).toEqual(migrationNames(migrationsDirectory));
    statements.length = 0;

    expect(await migrate(database)).toEqual([]);
    expect(statements).toHaveLength(2);
    await database.close();
  }));

// Embedded, one process is all there can be.
test.runIf(process.env['TEST_DATABASE_URL'])('of two processes that migrate at once one does the work', () =>
  onNewDatabase(async (url) => {
    const both = await Promise.all([openDatabase({ url }), openDatabase({ url })]);
    const applied = await Promise.all(both.map((database) => migrate(database)));

    expect(applied.flat()).toEqual(migrationNames(migrationsDirectory));
    await Promise.all(both.map((database) => database.close()));
  }),
);

test('a migration that fails says so, leaves nothing behind, and is tried again next time', () =>
  onNewDatabase(async (url) => {
    const database = await openDatabase({ url });
    const failing = withMigration('CREATE TABLE "half" (id int);\nSELECT nonsense;');
    const mended = withMigration('CREATE TABLE "half" (id int);');

    await expect(migrate(database, { directory: failing })).rejects.toThrow(
      /Migration 29990101000000_more failed and was rolled back:.*nonsense/,
    );
    const twice = withMigration(
      'CREATE TABLE "half" AS SELECT 7 AS id FROM generate_series(1, 2); CREATE UNIQUE INDEX "one" ON "half"("id");',
    );
    await expect(migrate(database, { directory: twice })).rejects.toThrow(/"one"\. Key \(id\)=\(7\) is duplicated\..*start again/);
    expect(await database.client.customer.count()).toBe(0);
    expect(await migrate(database, { directory: mended })).toEqual(['29990101000000_more']);
    await database.close();
  }));

test('a migration with BEGIN and COMMIT of its own, as Prisma writes some, is all or nothing too', () =>
  onNewDatabase(async (url) => {
    const database = await openDatabase({ url });
    const enumeration = `CREATE TYPE "mood" AS ENUM ('GOOD', 'BAD');
-- BEGIN; in a comment
BEGIN;
CREATE TYPE "mood_new" AS ENUM ('GOOD');
DROP TYPE "mood";
ALTER TYPE "mood_new" RENAME TO "mood";
COMMIT;
CREATE FUNCTION two() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'COMMIT;'; END; $$;`;
    await expect(migrate(database, { directory: withMigration(`${enumeration}\nSELECT nonsense;`) })).rejects.toThrow(
      /more failed and was rolled back:.*nonsense.*is as it was/,
    );
    expect(await database.client.$queryRawUnsafe(`SELECT 1 FROM pg_type WHERE typname = 'mood'`)).toEqual([]);
    expect(await migrate(database, { directory: withMigration(enumeration) })).toEqual(['29990101000000_more']);
    expect(await database.client.$queryRawUnsafe(`SELECT two(), enum_range(NULL::mood)::text AS moods`)).toEqual([
      { two: 'COMMIT;', moods: '{GOOD}' },
    ]);
    await database.close();
  }));

test('what a migration leaves that ends the transaction is told, and so is what was applied before it', () =>
  onNewDatabase(async (url) => {
    const database = await openDatabase({ url });
    const directory = withMigration('CREATE TABLE "half" (id int); END; SELECT nonsense;');
    mkdirSync(join(directory, '29980101000000_before'));
    writeFileSync(join(directory, '29980101000000_before', 'migration.sql'), 'CREATE TABLE "whole" (id int);');
    await expect(migrate(database, { directory })).rejects.toThrow(
      /more failed, and its script ended the transaction.*a part of it may have been applied.*all up to 29980101000000_before are applied/,
    );
    const [row] = await database.client.$queryRawUnsafe<object[]>(
      `SELECT to_regclass('half') IS NOT NULL AS half, to_regclass('whole') IS NOT NULL AS whole`,
    );
    expect(row).toEqual({ half: true, whole: true });

    const repair = /npm run db:sql -- --run "(.*)"/;
    const again: Error = await migrate(database, { directory }).then(
      () => new Error('applied'),
      (error: Error) => error,
    );
    expect(again.message).toMatch(/29990101000000_more was started and did not finish/);
    // The way out that is told works.
    await database.client.$executeRawUnsafe(repair.exec(again.message)?.[1] ?? '');
    await database.client.$executeRawUnsafe('DROP TABLE "half"');
    writeFileSync(join(directory, '29990101000000_more', 'migration.sql'), 'CREATE TABLE "half" (id int);');
    expect(await migrate(database, { directory })).toEqual(['29990101000000_more']);
    await database.close();
  }));

test('a program refuses a database that a newer one has migrated, by the name of the migration', () =>
  onNewDatabase(async (url) => {
    const database = await openDatabase({ url });
    await migrate(database, { directory: withMigration('CREATE TABLE "newer" (id int);') });
    await expect(migrate(database)).rejects.toThrow(/newer than this program: it has the migration 29990101000000_more/);
    await database.close();
  }));

test('a function body with semicolons arrives whole', () =>
  onNewDatabase(async (url) => {
    const database = await openDatabase({ url });
    const directory = withMigration(`CREATE FUNCTION two() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 2; END; $$;`);
    await migrate(database, { directory });

    expect(await database.client.$queryRawUnsafe('SELECT two()')).toEqual([{ two: 2 }]);
    await database.close();
  }));

test('the migrations and schema.prisma agree: nothing to write, and none of our own indexes dropped', async () => {
  expect(await diff(migrationsDirectory, schema)).toBeUndefined();
});

test('a new model becomes a table with its version trigger, its log and its sorting index, which then apply', async () => {
  const sql = await diff(migrationsDirectory, schema + invoice);

  expect(sql).toMatchInlineSnapshot(`
    "-- CreateTable
    CREATE TABLE "invoices" (
        "id" SERIAL NOT NULL,
        "number" VARCHAR(50) NOT NULL,
        "version" INTEGER NOT NULL DEFAULT 1,
        "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

        CONSTRAINT "invoices_pkey" PRIMARY KEY ("id")
    );

    CREATE TRIGGER "invoices_touch" BEFORE UPDATE ON "invoices" FOR EACH ROW EXECUTE FUNCTION "touch_row"();

    SELECT log_changes_of('invoices');

    CREATE INDEX "invoices_number_sort_idx" ON "invoices"((lower("number") COLLATE "C"), "id");
    "
  `);
  const database = await openDatabase();
  await migrate(database, { directory: withMigration(sql ?? '') });
  await database.client.$executeRawUnsafe(`INSERT INTO invoices (number) VALUES ('1')`);
  await database.client.$executeRawUnsafe(`UPDATE invoices SET number = '2'`);
  expect(await database.client.$queryRawUnsafe('SELECT version FROM invoices')).toEqual([{ version: 2 }]);
  await database.close();
});
