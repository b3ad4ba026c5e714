import { expect, onTestFinished, test } from 'vitest';
import { runWithClient } from './generated-client.ts';
import { toyServer } from './rest-toy/server.ts';

// What a stranger would write against the generated client; the type checker reads it as well.
const program = `
const created = await api.createBook({ title: 'Persuasion', genre: 'novel', price: '7.20', tags: ['bath'] });
if (created.status !== 201) throw new Error(created.data.detail);
const { id } = created.data;
const list = await api.books({ genreIn: ['novel', 'poetry'], pageSize: 2, fields: ['id', 'title'] });
const one = await api.book(id, { include: ['shelf'] });
const changed = await api.updateBook(id, { pages: 249 }, { ifMatch: '"1"' });
const stale = await api.updateBook(id, { pages: 250 }, { ifMatch: '"1"' });
const wrong = await api.createBook({ title: '\\0' }, { idempotencyKey: 'k1' });
const deleted = await api.deleteBook(id, { hard: true });
const gone = await api.book(id);
console.log(JSON.stringify({
  list: list.status === 200 && [list.data.total, list.data.items.length],
  one: one.status === 200 && one.data.title,
  changed: changed.status === 200 && changed.data.pages,
  stale: stale.status === 412 && stale.data.code,
  wrong: wrong.status,
  deleted: deleted.status,
  gone: gone.status === 404 && gone.data.code,
}));
`;

test('a generated TypeScript client type-checks and works', { timeout: 60_000 }, async () => {
  const server = toyServer();
  const { url, close } = await server.listen();
  onTestFinished(close);
  const document = await (await server.get('/openapi.json')).text();

  expect(await runWithClient(document, program, `${url}/api`)).toEqual({
    list: [4, 2],
    one: 'Persuasion',
    changed: 249,
    stale: 'CONFLICT',
    wrong: 400,
    deleted: 204,
    gone: 'NOT_FOUND',
  });
});
