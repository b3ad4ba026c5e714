import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Principal, Role } from '../../src/access.ts';
import { type TestApp, testApp } from '../harness.ts';

const person = (id: string, role: Role): Principal => ({ kind: 'person', id, name: id, role, scopes: ['*:*'], credentialId: id });
const [reader, seller, admin] = [person('1', 'READ_ONLY'), person('2', 'SALES'), person('3', 'ADMIN')];

let principal: Principal = reader;
let app: TestApp;
beforeAll(async () => {
  app = await testApp({ auth: { resolve: async () => principal, handle: async () => undefined } });
});
afterAll(() => app.close());

/** A view of the reader, one that the reader shares, one of the seller. */
beforeEach(async () => {
  await app.database.reset();
  const { client } = app.database;
  await client.user.createMany({ data: ['One', 'Two', 'Three'].map((name) => ({ name, email: `${name}@x.yz`.toLowerCase() })) });
  const view = { resource: 'orders', query: 'sort=total' };
  await client.savedView.createMany({
    data: [
      { ...view, name: 'Kept', ownerId: 1 },
      { ...view, name: 'Shared', ownerId: 1, shared: true },
      { ...view, name: 'Seller’s', ownerId: 2 },
    ],
  });
  principal = reader;
});

async function read(document: string): Promise<unknown> {
  const { data, message } = await app.graphql(document);
  expect(message).toBeUndefined();
  return data;
}
const names = async (as: Principal) => {
  principal = as;
  const { savedViews } = (await read('{ savedViews { nodes { name } } }')) as { savedViews: { nodes: { name: string }[] } };
  return savedViews.nodes.map(({ name }) => name);
};

test('one sees one’s own and what is shared, an administrator too', async () => {
  expect(await names(reader)).toEqual(['Kept', 'Shared']);
  expect(await names(seller)).toEqual(['Shared', 'Seller’s']);
  expect(await names(admin)).toEqual(['Shared']);
  expect(await read('{ node(id: "SavedView:1") { id } savedView(id: 3) { id } }')).toEqual({ node: null, savedView: null });
});

test('whoever may only read keeps views all the same', async () => {
  const document = 'mutation { createSavedView(input: { name: "New", resource: "orders", query: "q" }) { ownerId } }';
  expect(await read(document)).toEqual({ createSavedView: { ownerId: 'User:1' } });
  expect(await read('mutation { deleteSavedView(id: 1) { id } }')).toEqual({ deleteSavedView: { id: 'SavedView:1' } });
});

test('what is shared is changed by whoever made it and by administrators', async () => {
  const rename = (id: number) => app.graphql(`mutation { updateSavedView(id: ${id}, input: { name: "Renamed" }) { name } }`);
  const remove = () => app.graphql('mutation { deleteSavedViews(ids: [2]) { failed } }');
  principal = seller;
  expect(await rename(2)).toMatchObject({ code: 'FORBIDDEN', message: expect.stringContaining('belongs to someone else') });
  expect(await remove()).toMatchObject({ code: 'FORBIDDEN' });
  expect(await rename(1)).toMatchObject({ code: 'NOT_FOUND' });
  principal = reader;
  expect(await rename(2)).toMatchObject({ data: { updateSavedView: { name: 'Renamed' } } });
  principal = admin;
  expect(await rename(2)).toMatchObject({ data: { updateSavedView: { name: 'Renamed' } } });
  expect(await rename(1)).toMatchObject({ code: 'NOT_FOUND' });
});

test('a program acts for the person it belongs to; the system makes none', async () => {
  const document = 'mutation { createSavedView(input: { name: "New", resource: "orders", query: "q" }) { ownerId } }';
  principal = { ...seller, kind: 'key' };
  expect(await read(document)).toEqual({ createSavedView: { ownerId: 'User:2' } });
  principal = { ...admin, kind: 'system', id: 'system' };
  expect(await app.graphql(document)).toMatchObject({ code: 'FORBIDDEN' });
});

test('the change log tells nobody of what others keep to themselves', async () => {
  const changes = '{ changes(resources: [SavedView]) { nodes { recordId op } } }';
  await read('mutation { deleteSavedView(id: 1) { id } }');
  await app.database.settled();
  expect(await read(changes)).toEqual({
    changes: {
      nodes: [
        { recordId: 'SavedView:2', op: 'CREATED' },
        { recordId: 'SavedView:1', op: 'DESTROYED' },
      ],
    },
  });
  principal = admin;
  expect(await read(changes)).toEqual({ changes: { nodes: [{ recordId: 'SavedView:2', op: 'CREATED' }] } });
});

test('a change to a shared view is not for everybody to undo', async () => {
  await read('mutation { updateSavedView(id: 2, input: { name: "Renamed" }) { name } }');
  await app.database.settled();
  const { changes } = (await read('{ changes(last: 1) { nodes { changeSet } } }')) as { changes: { nodes: { changeSet: string }[] } };
  const undo = `mutation { undo(changeSet: "${changes.nodes[0]?.changeSet}") { undone } }`;
  principal = seller;
  expect(await app.graphql(undo)).toMatchObject({ code: 'FORBIDDEN' });
  principal = admin;
  expect(await read(undo)).toEqual({ undo: { undone: 1 } });
});
