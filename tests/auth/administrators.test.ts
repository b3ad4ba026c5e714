import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleAdministrator } from '../../src/auth/accounts.ts';
import { type AuthApp, Browser, invited, opened, password } from './app.ts';
import { clockOfTests } from './clock.ts';
import { codeOf } from './totp.ts';

let app: AuthApp;
let admin: Browser;
const { now } = clockOfTests(3_600_000);
beforeAll(async () => {
  ({ app, admin } = await opened({ now }));
});
afterAll(() => app.close());

const administrators = () => app.database.client.user.count({ where: { role: 'ADMIN', banned: false } });

test('the last administrator can be neither removed nor demoted nor banned, whatever the way', async () => {
  for (const mutation of [
    'deleteUser(id: 1) { id }',
    'updateUser(id: 1, input: { role: SALES }) { id }',
    'banUser(id: 1, reason: "x") { id }',
    'updateUsers(ids: [1], input: { role: SALES }) { succeeded }',
    'deleteUsers(ids: [1]) { succeeded }',
  ])
    expect(await admin.graphql(`mutation { ${mutation} }`), mutation).toMatchObject({ code: 'CONFLICT' });
  expect(await administrators()).toBe(1);

  await invited(app, admin, 'banned@example.com', 'admin');
  await admin.graphql('mutation { banUser(id: 2, reason: "left") { id } }');
  expect(await admin.graphql('mutation { deleteUser(id: 1) { id } }')).toMatchObject({ code: 'CONFLICT' });
});

test('the sample administrator of development, whom nobody can sign in as, is not one who remains', async () => {
  const { client } = app.database;
  const sample = await sampleAdministrator(client);
  expect(sample.name).toBe('Ada');
  await client.user.create({ data: { name: 'Ada Admin', email: 'ada.admin@example.com', role: 'ADMIN' } });
  for (const mutation of [
    'deleteUser(id: 1) { id }',
    'updateUser(id: 1, input: { role: SALES }) { id }',
    'banUser(id: 1, reason: "x") { id }',
    'deleteUsers(ids: [1]) { succeeded }',
  ])
    expect(await admin.graphql(`mutation { ${mutation} }`), mutation).toMatchObject({ code: 'CONFLICT' });
  const { id } = await client.user.findUniqueOrThrow({ where: { email: 'ada.admin@example.com' } });
  expect(await admin.graphql(`mutation { deleteUser(id: ${id}) { id } }`)).toEqual({ data: { deleteUser: { id: `User:${id}` } } });
});

test('of two administrators who demote each other at once one remains', async () => {
  for (let round = 0; round < 3; round++) {
    const other = await invited(app, admin, `rival${round}@example.com`, 'admin');
    const { id } = await app.database.client.user.findFirstOrThrow({ orderBy: { id: 'desc' } });
    const answers = await Promise.all([
      admin.graphql(`mutation { updateUser(id: ${id}, input: { role: MANAGER }) { role } }`),
      other.graphql('mutation { updateUser(id: 1, input: { role: MANAGER }) { role } }'),
    ]);
    expect(answers.filter(({ code }) => !code)).toHaveLength(1);
    expect(await administrators()).toBe(1);
    await app.database.client.user.updateMany({ where: { id: 1 }, data: { role: 'ADMIN' } });
    await app.database.client.user.updateMany({ where: { id }, data: { role: 'MANAGER' } });
    app.auth.forget();
  }
});

test('demoting is not undone into a right that somebody else took', async () => {
  const sam = await invited(app, admin, 'sam@example.com', 'manager');
  expect(await sam.graphql('mutation { updateUser(id: 1, input: { role: SALES }) { id } }')).toMatchObject({ code: 'FORBIDDEN' });
  expect(await sam.graphql('{ invitations { nodes { id } } }')).toMatchObject({ code: 'FORBIDDEN' });
});

interface Logged {
  resource: string;
  op: string;
  actor: string | null;
  fields: { field: string; after: unknown }[];
}

/** What administrators read in the change log since they last looked. */
let seen: string | undefined;
async function news(): Promise<string[]> {
  await app.database.settled();
  const { data } = await admin.graphql(
    `query ($after: String) { changes(first: 100, since: $after) { nodes { resource op actor fields { field after } } pageInfo { endCursor } } }`,
    { after: seen },
  );
  const { nodes, pageInfo } = (data as { changes: { nodes: Logged[]; pageInfo: { endCursor: string | null } } }).changes;
  seen = pageInfo.endCursor ?? seen;
  return nodes.map(({ resource, op, actor, fields }) => {
    const told = fields.find(({ field }) => ['kind', 'role', 'banned', 'twoFactorEnabled', 'scopes'].includes(field));
    return `${resource} ${op} by ${actor}${told ? `: ${told.field} ${JSON.stringify(told.after)}` : ''}`;
  });
}

test('administrators read in the change log who got in, who did not, and who changed whose rights', async () => {
  const tom = await invited(app, admin, 'tom@example.com', 'sales');
  const { id } = await app.database.client.user.findFirstOrThrow({ where: { email: 'tom@example.com' } });
  while ((await news()).length);

  await new Browser(app.url).signIn('tom@example.com', 'wrong wrong wrong');
  expect(await news()).toEqual(['AccountEvent CREATED by system: kind "SIGN_IN_FAILED"']);
  await new Browser(app.url).signIn('nobody@example.com', 'wrong wrong wrong');
  expect(await news()).toEqual(['AccountEvent CREATED by system: kind "SIGN_IN_FAILED"']);
  const device = new Browser(app.url);
  await device.signIn('tom@example.com', password);
  expect(await news()).toEqual([`Session CREATED by ${id}`]);
  await device.post('/api/auth/sign-out', {});
  expect(await news()).toEqual([`Session DESTROYED by ${id}`]);

  await tom.post('/api/auth/change-password', { currentPassword: password, newPassword: 'another horse battery' });
  // Every session ends, and this device gets a new one.
  expect(await news()).toEqual([
    `Session DESTROYED by ${id}`,
    `Session CREATED by ${id}`,
    'AccountEvent CREATED by system: kind "PASSWORD_CHANGED"',
  ]);
  const { body } = await tom.post('/api/auth/two-factor/enable', { password: 'another horse battery' });
  const secret = new URL(String(body['totpURI'])).searchParams.get('secret') ?? '';
  await tom.post('/api/auth/two-factor/verify-totp', { code: await codeOf(secret) });
  const enabled = await news();
  expect(enabled).toContain('AccountEvent CREATED by system: kind "SECOND_FACTOR_ENABLED"');
  expect(enabled.filter((line) => line.startsWith('User UPDATED'))).toEqual([expect.stringContaining('twoFactorEnabled true')]);
  const half = new Browser(app.url);
  await half.signIn('tom@example.com', 'another horse battery');
  await half.post('/api/auth/two-factor/verify-totp', { code: '000000' });
  expect((await news()).at(-1)).toBe('AccountEvent CREATED by system: kind "SECOND_FACTOR_FAILED"');
  const { data } = await admin.graphql('{ accountEvents(last: 1) { nodes { userId } } }');
  expect(data).toEqual({ accountEvents: { nodes: [{ userId: `User:${id}` }] } });

  await tom.post('/api/api-keys', { name: 'Key', scopes: ['customers:read'] });
  expect(await news()).toEqual([`ApiKey CREATED by ${id}: scopes ["customers:read"]`]);
  await admin.post('/api/invitations', { email: 'new@example.com', name: 'New', role: 'manager' });
  expect(await news()).toEqual(['Invitation CREATED by 1: role "MANAGER"']);
  await admin.graphql(`mutation { updateUser(id: ${id}, input: { role: MANAGER }) { id } }`);
  expect(await news()).toEqual(['User UPDATED by 1: role "MANAGER"']);
  await admin.graphql(`mutation { banUser(id: ${id}, reason: "left") { id } }`);
  const banned = await news();
  expect(banned).toContain('User UPDATED by 1: banned true');
  expect(banned.filter((line) => /^(Session|ApiKey) DESTROYED by 1/.test(line)).length).toBeGreaterThan(1);
});

test('one reads of one’s own account, and of nobody else’s', async () => {
  const uma = await invited(app, admin, 'uma@example.com', 'read_only');
  await new Browser(app.url).signIn('uma@example.com', 'wrong wrong wrong');
  await new Browser(app.url).signIn('ada@example.com', 'wrong wrong wrong');
  const { data } = await uma.graphql('{ accountEvents { totalCount nodes { kind } } }');
  expect(data).toEqual({ accountEvents: { totalCount: 1, nodes: [{ kind: 'SIGN_IN_FAILED' }] } });
});
