import { describe, expect, test } from 'vitest';
import { toyServer } from './rest-toy/server.ts';

describe('POST', () => {
  test('creates a record and says where it is', async () => {
    const answer = await toyServer().send('POST', '/api/books', { title: 'Ulysses', genre: 'novel', price: 9.5 });

    expect([answer.status, answer.headers.get('location'), answer.headers.get('etag')]).toEqual([201, '/api/books/4', '"1"']);
    expect(await answer.json()).toMatchObject({ id: 4, title: 'Ulysses', price: '9.50' });
  });

  test('parses inputs rather than serializing them', async () => {
    const answer = await toyServer().send('POST', '/api/books', { title: 'Ulysses', publishedAt: '1922-02-02' });

    expect(await answer.json()).toMatchObject({ publishedAt: '1922-02-02T00:00:00.000Z' });
  });

  test('passes the Idempotency-Key on', async () => {
    const { send, books } = toyServer();
    for (const title of ['Once', 'Once']) await send('POST', '/api/books', { title }, { 'idempotency-key': 'k1' });

    expect(books.size).toBe(4);
  });

  test('takes nested records', async () => {
    const { send, get } = toyServer();
    await send('POST', '/api/shelves', { name: 'Porch', books: [{ title: 'Walden' }, { title: 'Odes', genre: 'poetry' }] });

    expect(await (await get('/api/shelves/3?include=books')).json()).toMatchObject({ books: [{ title: 'Walden' }, { genre: 'poetry' }] });
  });

  test('runs an action on a record', async () => {
    const answer = await toyServer().send('POST', '/api/books/3/shelve', { shelfId: 2 });

    expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"2"']);
  });

  test('takes a list as the whole body and answers the result object', async () => {
    const answer = await toyServer().send('POST', '/api/books/bulk', [{ title: 'A' }, { title: 'B' }]);

    expect(await answer.json()).toMatchObject({ succeeded: 2, items: [{ title: 'A' }, { title: 'B' }] });
  });
});

describe('PATCH', () => {
  test('leaves what is not said and clears what is null', async () => {
    const { send } = toyServer();
    await send('PATCH', '/api/books/1', { pages: 300 });

    expect(await (await send('PATCH', '/api/books/1', { pages: null })).json()).toMatchObject({ title: 'Emma', pages: null, version: 3 });
  });

  test('takes merge patches', async () => {
    const answer = await toyServer().send(
      'PATCH',
      '/api/books/1',
      { pages: 300 },
      { 'content-type': 'application/merge-patch+json; charset=utf-8' },
    );

    expect(answer.status).toBe(200);
  });

  test('goes through when the version matches', async () => {
    expect((await toyServer().send('PATCH', '/api/books/2', { pages: 9 }, { 'if-match': '"2"' })).status).toBe(200);
  });

  test('of a stale version is a failed precondition that shows the current record', async () => {
    const answer = await toyServer().send('PATCH', '/api/books/2', { pages: 9 }, { 'if-match': '"1"' });

    expect(answer.status).toBe(412);
    expect(await answer.json()).toMatchObject({ code: 'CONFLICT', current: { id: 2, version: 2 } });
  });

  test('with If-Match: * is not checked', async () => {
    expect((await toyServer().send('PATCH', '/api/books/2', { pages: 9 }, { 'if-match': '*' })).status).toBe(200);
  });

  test.each(['3', '"x"', '"1", "2"', '""'])('with If-Match: %s is bad input', async (tag) => {
    const answer = await toyServer().send('PATCH', '/api/books/2', { pages: 9 }, { 'if-match': tag });

    expect(await answer.json()).toMatchObject({ status: 400, errors: [{ path: ['If-Match'] }] });
  });
});

describe('DELETE', () => {
  test('answers 204 without a body', async () => {
    const { send, books } = toyServer();
    const answer = await send('DELETE', '/api/books/1');

    expect([answer.status, await answer.text()]).toEqual([204, '']);
    expect(books.get(1)?.tags).toEqual(['deleted']);
  });

  test('with the flag runs the flagged operation', async () => {
    const { send, books } = toyServer();

    expect((await send('DELETE', '/api/books/1?hard=true')).status).toBe(204);
    expect(books.has(1)).toBe(false);
  });

  test('with the flag off runs the plain one', async () => {
    const { send, books } = toyServer();
    await send('DELETE', '/api/books/1?hard=false');

    expect(books.has(1)).toBe(true);
  });

  test('of nothing is a 404', async () => {
    expect((await toyServer().send('DELETE', '/api/books/77?hard=true')).status).toBe(404);
  });

  test('checks If-Match', async () => {
    expect((await toyServer().send('DELETE', '/api/books/2', undefined, { 'if-match': '"1"' })).status).toBe(412);
  });

  test('refuses a version that the operation cannot check', async () => {
    const { send, books } = toyServer();
    const answer = await send('DELETE', '/api/books/1?hard=true', undefined, { 'if-match': '"1"' });

    expect([answer.status, books.has(1)]).toEqual([400, true]);
  });

  test('of many takes their list', async () => {
    expect(await (await toyServer().send('DELETE', '/api/books/bulk', [1, 2])).json()).toMatchObject({ succeeded: 2 });
  });
});
