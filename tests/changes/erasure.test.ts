import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Principal } from '../../src/access.ts';
import { type Resource, snake } from '../../src/resource.ts';
import { resources } from '../../src/resources/index.ts';
import { mutationNames } from '../../src/schema/model/names.ts';
import { fillTables } from '../fill.ts';
import { type Answer, type TestApp, testApp } from '../harness.ts';
import { clients } from '../mcp/clients.ts';

// Erased means erased: of a record that is erased no value is anywhere in the database, nor in any answer.

const admin: Principal = { kind: 'person', id: '1', name: 'Ada', role: 'ADMIN', scopes: ['*:*'], credentialId: 'session' };
const mark = 'zqmark';
const [customer] = resources as [Resource, ...Resource[]];

let app: TestApp;
let principal = admin;
beforeAll(async () => {
  app = await testApp({ auth: { resolve: async () => principal, handle: async () => undefined } });
});
afterAll(() => app.close());
beforeEach(async () => {
  principal = admin;
  await app.database.reset();
});

const sql = <R = Record<string, unknown>>(text: string): Promise<R[]> => app.database.client.$queryRawUnsafe<R[]>(text);

/** What goes with a record: what hangs on it, and what is a person's own. */
function goingWith({ name, relations }: Resource): Resource[] {
  const targets = Object.values(relations).flatMap(({ cascade, target }) => (cascade ? [target] : []));
  const own = resources.filter(({ personal, fields }) => personal && fields[personal.owner]?.target === name);
  return [...resources.filter((resource) => targets.includes(resource.name)), ...own];
}

/** Writes marks into every text of one record, twice, so that the log has them before and after. */
async function plant({ table, readOnly }: Resource, id: number, text: string): Promise<void> {
  const columns = await sql<{ name: string }>(
    `SELECT column_name::text AS "name" FROM information_schema.columns c WHERE table_schema = 'public' AND table_name = '${table}'
     AND data_type IN ('text', 'character varying') AND NOT EXISTS (
       SELECT 1 FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY(k.conkey)
       WHERE k.contype = 'f' AND k.conrelid = c.table_name::text::regclass AND a.attname = c.column_name)`,
  );
  for (const round of ['a', 'b']) {
    const marked = columns.map(({ name }) => `"${name}" = '${text}${round}${id}'`);
    if (marked.length) await sql(`UPDATE "${table}" SET ${marked.join(', ')} WHERE "id" = ${id}`);
  }
  if (readOnly || (await tablesWith(text, ['changes'])).length) return;
  // What the log tells only of coming and going.
  await sql(`WITH gone AS (DELETE FROM "${table}" WHERE "id" = ${id} RETURNING *) INSERT INTO "${table}" SELECT * FROM gone`);
}

/** The tables in which a text is, in whatever column. */
async function tablesWith(text: string, among?: readonly string[]): Promise<string[]> {
  const all = await sql<{ name: string }>(`SELECT tablename::text AS "name" FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`);
  const looked = all.filter(({ name }) => !among || among.includes(name));
  const each = looked.map(
    ({ name }) => `SELECT '${name}' AS "name" WHERE EXISTS (SELECT 1 FROM "${name}" t WHERE t::text LIKE '%${text}%')`,
  );
  return (await sql<{ name: string }>(each.join(' UNION ALL '))).map(({ name }) => name);
}

const logOf = ({ table }: Resource, id: number) =>
  sql<{ op: string; erased: boolean; reason: string | null; changeSet: string }>(
    `SELECT "op", "erased_at" IS NOT NULL AS "erased", "reason", "change_set" AS "changeSet" FROM "changes" WHERE "resource" = '${table}' AND "record_id" = ${id} ORDER BY "id"`,
  );

async function erase(resource: Resource, id: number, surface: 'graphql' | 'rest', reason?: string): Promise<Answer> {
  if (surface === 'rest') return app.rest('POST', `/${resource.path}/${id}/erase`, reason === undefined ? {} : { reason });
  const { erase: name } = mutationNames(resource);
  const answer = await app.graphql(
    `mutation ($reason: String) { ${name}(id: ${id}, reason: $reason) { resource recordId changes records { resource count } } }`,
    { reason },
  );
  return { ...answer, data: (answer.data as Record<string, unknown> | null)?.[name] };
}

interface Exported {
  record: Record<string, unknown>;
  related: Record<string, Record<string, unknown>[]>;
  changes: { resource: string; recordId: number; op: string; fields: { field: string; after: unknown }[] }[];
}

const exportOf = ({ path }: Resource) => app.rest('GET', `/${path}/1/export`);

/** What is kept of a record is exported with it, what it hung on it before included, and no column that no definition has. */
function expectEverything(resource: Resource, hanging: readonly Resource[], { record, related, changes }: Exported): void {
  expect(Object.keys(record).sort()).toEqual(Object.keys(resource.fields).sort());
  expect(Object.keys(related).sort()).toEqual(hanging.map(({ many }) => many).sort());
  for (const { many, fields } of hanging) {
    expect(related[many]?.map(({ id }) => id)).toEqual([1]);
    expect(Object.keys(related[many]?.[0] ?? {}).sort()).toEqual(Object.keys(fields).sort());
  }
  expect(changes).toContainEqual(expect.objectContaining({ resource: resource.name, recordId: 1, op: 'created' }));
  for (const { name } of hanging.filter(({ readOnly }) => !readOnly))
    expect(changes).toContainEqual(expect.objectContaining({ resource: name, recordId: 2, op: 'destroyed' }));
  expect(JSON.stringify({ record, related, changes })).not.toMatch(/"(token|secret|hash|password)"/);
}

const erasable = resources.filter(({ writes }) => writes.includes('delete'));
const tables = resources.map(({ table }) => table);

/** Everything that whoever may see all is told of the log. */
async function told(): Promise<string> {
  await app.database.settled();
  const { data, code } = await app.graphql(
    '{ changes(first: 500) { nodes { resource op erased changedFields fields { field before after } record { id } } } }',
  );
  expect(code).toBeUndefined();
  return JSON.stringify(data);
}

describe.each(erasable)('$name', (resource) => {
  const hanging = goingWith(resource);
  const logged = hanging.filter(({ readOnly }) => !readOnly);

  test('is erased by administrators and keys that name it, with every value that was kept of it; the fact stays', async () => {
    // Records 1 and 2 of whatever hangs on it hang on record 1; record 2 of the kind itself stays.
    await fillTables(app.database, resources, () => 2, tables);
    for (const { personal, table } of hanging) if (personal) await sql(`UPDATE "${table}" SET "${snake(personal.owner)}" = 1`);
    await plant(resource, 1, mark);
    await plant(resource, 2, 'zqstays');
    for (const each of hanging) for (const id of [1, 2]) await plant(each, id, mark);
    for (const { table } of hanging) await sql(`DELETE FROM "${table}" WHERE "id" = 2`);
    const [marked, before] = [await tablesWith(mark), await logOf(resource, 1)];
    expect(marked).not.toEqual([]);

    const others: Principal[] = [
      { ...admin, role: 'MANAGER' },
      { ...admin, role: 'SALES' },
      { ...admin, kind: 'key', scopes: ['*:read', '*:write', '*:delete', '*:destroy', 'users:admin', 'account:manage', 'settings:write'] },
    ];
    for (principal of others) {
      expect(await erase(resource, 1, 'graphql')).toMatchObject({ code: 'FORBIDDEN' });
      expect(await erase(resource, 1, 'rest')).toMatchObject({ code: 'FORBIDDEN' });
      // A manager can export, and sees no other's credentials.
      if (principal.role !== 'MANAGER') expect(await exportOf(resource)).toMatchObject({ code: 'FORBIDDEN' });
    }
    principal = admin;
    expectEverything(resource, hanging, (await exportOf(resource)).data as Exported);
    expect(await app.rest('POST', `/${resource.path}/1/erase`, { reason: 'x'.repeat(256) })).toMatchObject({ code: 'BAD_INPUT' });
    expect(await app.rest('POST', `/${resource.path}/1/erase?dryRun=true`, {})).toMatchObject({ status: 200 });
    expect(await tablesWith(mark)).toEqual(marked);
    expect(await logOf(resource, 1)).toEqual(before);

    const { data, code, message } = await erase(resource, 1, 'graphql', 'A letter');
    expect({ code, message }).toEqual({ code: undefined, message: undefined });
    expect(await tablesWith(mark)).toEqual([]);
    expect(await exportOf(resource)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await tablesWith('zqstays')).toEqual(expect.arrayContaining([resource.table]));
    expect(await told()).not.toContain(mark);
    const after = await logOf(resource, 1);
    expect(after).toHaveLength(before.length + 1);
    expect(after.every(({ erased }) => erased)).toBe(true);
    expect(after.at(-1)).toMatchObject({ op: 'DESTROYED', reason: 'A letter' });
    const { records } = data as { records: { resource: string; count: number }[] };
    const counts = Object.fromEntries(records.map((each) => [each.resource, each.count]));
    expect(counts).toEqual({ [resource.name]: 1, ...Object.fromEntries(logged.map(({ name }) => [name, 2])) });

    // What was deleted before can be erased, too, once.
    await sql(`DELETE FROM "${resource.table}" WHERE "id" = 2`);
    expect(await erase(resource, 2, 'rest', 'Another')).toMatchObject({ status: 200, data: { resource: resource.name, recordId: 2 } });
    expect(await tablesWith('zqstays')).toEqual([]);
    expect((await logOf(resource, 2)).at(-1)).toMatchObject({ op: 'DESTROYED', erased: true, reason: 'Another' });
    expect(await erase(resource, 2, 'rest')).toMatchObject({ code: 'NOT_FOUND' });
  });
});

test('a customer that is erased comes back by no way that there is: undo, repeated requests, search, lists', async () => {
  const mcp = await clients['the v2 client in 2026']({ send: app.fetch });
  const key = { 'idempotency-key': randomUUID() };
  const body = {
    name: `${mark} Ada`,
    email: `${mark}@example.com`,
    notes: mark,
    tags: [mark],
    orders: [{ orderNumber: mark, total: '1', status: 'delivered' }],
    contacts: [{ name: mark }],
  };
  expect(await app.rest('POST', '/customers', body, key)).toMatchObject({ status: 201 });
  const other = { 'idempotency-key': randomUUID() };
  const changed = { name: `${mark} Ada`, company: mark };
  expect(await app.rest('PATCH', '/customers/1', changed, other)).toMatchObject({ status: 200 });
  // An update that changes nothing leaves no entry, and yet its answer is kept.
  const nothing = { 'idempotency-key': randomUUID() };
  expect(await app.rest('PATCH', '/customers/1', { company: mark }, nothing)).toMatchObject({ status: 200 });
  const bystander = { 'idempotency-key': randomUUID() };
  expect(await app.rest('POST', '/customers', { name: 'Bob', email: 'bob@example.com' }, bystander)).toMatchObject({ status: 201 });
  expect(await tablesWith(mark)).toEqual(['changes', 'contacts', 'customers', 'idempotency_keys', 'orders']);

  expect(await erase(customer, 1, 'rest')).toMatchObject({
    data: { records: [{ count: 1 }, { count: 1 }, { count: 1 }] },
  });

  expect(await tablesWith(mark)).toEqual([]);
  expect(await app.rest('POST', '/customers', body, key)).toMatchObject({ code: 'ERASED', status: 410 });
  expect(await app.rest('PATCH', '/customers/1', changed, other)).toMatchObject({ code: 'ERASED' });
  expect(await app.rest('PATCH', '/customers/1', { company: mark }, nothing)).toMatchObject({ code: 'ERASED' });
  expect(await app.rest('POST', '/customers', { name: 'Bob', email: 'bob@example.com' }, bystander)).toMatchObject({ status: 201 });
  const sets = new Set((await logOf(customer, 1)).map(({ changeSet }) => changeSet));
  expect(sets.size).toBe(3);
  for (const changeSet of sets) {
    expect(await app.graphql(`mutation { undo(changeSet: "${changeSet}") { undone } }`)).toMatchObject({
      code: 'ERASED',
      message: expect.stringContaining('customer 1'),
    });
    expect(await app.rest('POST', '/changes/undo', { changeSet })).toMatchObject({ code: 'ERASED', status: 410 });
    const { text } = await mcp.call('undo', { change_set: changeSet }).then(
      (answer) => ({ text: JSON.stringify(answer) }),
      (error: Error) => ({ text: error.message }),
    );
    expect(text).toContain('was erased does not come back');
  }
  expect(JSON.stringify((await app.graphql(`{ search(query: "${mark}") { __typename } }`)).data ?? null)).not.toContain('Customer');
  expect(await app.rest('GET', `/customers?trash=include&search=${mark}`)).toMatchObject({ data: { items: [] } });
  expect(await tablesWith(mark)).toEqual([]);
  await mcp.close();
});

test('the log is append-only but for what an erasure does', async () => {
  await app.rest('POST', '/customers', { name: mark, email: 'ada@example.com' });
  const inErasure = (statement: string) =>
    app.database.client.$transaction(async (transaction) => {
      await transaction.$queryRawUnsafe(`SELECT set_config('facet.erasure', 'on', true)`);
      await transaction.$executeRawUnsafe(statement);
    });
  const emptied = `"after" = without_values("resource", "after")`;
  for (const change of [
    `"after" = '{"name": "forged"}', "erased_at" = now()`,
    `${emptied}, "erased_at" = now(), "actor" = 'somebody else'`,
    `${emptied}, "erased_at" = now(), "op" = 'UPDATED'`,
    emptied,
  ])
    await expect(inErasure(`UPDATE "changes" SET ${change}`)).rejects.toThrow('append-only');
  await expect(inErasure('DELETE FROM "changes"')).rejects.toThrow('append-only');
  await expect(app.database.client.$executeRawUnsafe(`UPDATE "changes" SET ${emptied}, "erased_at" = now()`)).rejects.toThrow(
    'append-only',
  );
  expect(await tablesWith(mark)).toContain('changes');
});
