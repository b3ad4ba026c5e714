import { describe, expect, test } from 'vitest';
import { toyServer } from './rest-toy/server.ts';

const titles = ({ items }: { items: { title: string }[] }) => items.map(({ title }) => title);

describe('a list', () => {
  test('answers a page with its counts', async () => {
    const answer = await toyServer().get('/api/books?pageSize=2');

    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ items: [{ id: 1, genre: 'novel' }, { id: 2 }], total: 3, page: 1, pages: 2 });
  });

  test('leaves relations out unless they are included', async () => {
    const { items } = await (await toyServer().get('/api/books')).json();

    expect(Object.keys(items[0])).toEqual(['id', 'version', 'title', 'genre', 'price', 'pages', 'publishedAt', 'tags']);
  });

  test('includes a relation with its own values, one level deep', async () => {
    const { items } = await (await toyServer().get('/api/books?include=shelf')).json();

    expect(items[0].shelf).toEqual({ id: 1, version: 1, name: 'Attic' });
  });

  test('reads exactly the fields that are asked for', async () => {
    const { get, selected } = toyServer();

    expect((await (await get('/api/books?fields=title,id')).json()).items[0]).toEqual({ id: 1, title: 'Emma' });
    expect(selected).toEqual([['id', 'title']]);
  });

  test.each(['genre_in=novel,poetry', 'genre_in=novel&genre_in=poetry', 'genre_in=novel%2Cpoetry'])('takes the list ?%s', async (query) => {
    expect(titles(await (await toyServer().get(`/api/books?${query}`)).json())).toEqual(['Emma', 'Odes', 'Cosmos']);
  });

  test('takes repeated texts as they stand, commas and all', async () => {
    const { send, get } = toyServer();
    await send('POST', '/api/books', { title: 'Eats, Shoots & Leaves' });

    const answer = await get('/api/books?title_in=Eats%2C+Shoots+%26+Leaves&title_in=Emma');

    expect(titles(await answer.json())).toEqual(['Emma', 'Eats, Shoots & Leaves']);
  });

  test('filters by an enum in lower case', async () => {
    expect(titles(await (await toyServer().get('/api/books?genre=poetry')).json())).toEqual(['Odes']);
  });

  test('links to the pages around it and keeps the rest of the query', async () => {
    const answer = await toyServer().get('/api/books?sort=title&page=2&pageSize=1');

    expect(answer.headers.get('link')).toBe(
      [
        '</api/books?sort=title&page=1&pageSize=1>; rel="first"',
        '</api/books?sort=title&page=1&pageSize=1>; rel="prev"',
        '</api/books?sort=title&page=3&pageSize=1>; rel="next"',
        '</api/books?sort=title&page=3&pageSize=1>; rel="last"',
      ].join(', '),
    );
  });

  test('has no page links when it is read by cursor', async () => {
    expect((await toyServer().get('/api/books?first=2')).headers.has('link')).toBe(false);
  });
});

describe('a record', () => {
  test('comes with its version as ETag', async () => {
    const answer = await toyServer().get('/api/books/2');

    expect(answer.headers.get('etag')).toBe('"2"');
    expect(await answer.json()).toMatchObject({ id: 2, version: 2, price: '12.50' });
  });

  test.each(['"1"', 'W/"1"', '"7", "1"', '*'])('is not sent again to who has it: If-None-Match %s', async (tag) => {
    const answer = await toyServer().get('/api/books/1', { 'if-none-match': tag });

    expect([answer.status, await answer.text(), answer.headers.get('etag')]).toEqual([304, '', '"1"']);
  });

  test('is sent again when it changed', async () => {
    expect((await toyServer().get('/api/books/2', { 'if-none-match': '"1"' })).status).toBe(200);
  });

  test('is always sent with relations, whose changes its version does not count', async () => {
    expect((await toyServer().get('/api/shelves/1?include=books', { 'if-none-match': '"1"' })).status).toBe(200);
  });

  test('includes records of a to-many relation', async () => {
    const shelf = await (await toyServer().get('/api/shelves/1?include=books')).json();

    expect(shelf.books).toHaveLength(3);
    expect(shelf.books[0]).not.toHaveProperty('shelf');
  });

  test('that does not exist is a 404 that says what to do', async () => {
    const answer = await toyServer().get('/api/books/77');

    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toEqual({
      type: '/docs/errors#not-found',
      title: 'Not Found',
      status: 404,
      detail: 'No book 77. GET /api/books lists those you can see.',
      code: 'NOT_FOUND',
    });
  });

  test('is not found through a path of another operation', async () => {
    expect(await (await toyServer().get('/api/books/by-genre/poetry')).json()).toMatchObject([{ title: 'Odes' }]);
  });
});

describe('methods', () => {
  test('HEAD answers the headers of GET without a body', async () => {
    const answer = await toyServer().send('HEAD', '/api/books/2');

    expect([answer.status, answer.headers.get('etag'), await answer.text()]).toEqual([200, '"2"', '']);
  });

  test('OPTIONS lists what is possible', async () => {
    const answer = await toyServer().send('OPTIONS', '/api/books/2');

    expect([answer.status, answer.headers.get('allow')]).toEqual([204, 'GET, PATCH, DELETE, HEAD, OPTIONS']);
  });

  test.each([
    ['PUT', '/api/books/2', 'GET, PATCH, DELETE, HEAD, OPTIONS'],
    ['GET', '/api/books/bulk', 'POST, DELETE, OPTIONS'],
    ['POST', '/api/books/by-genre/novel', 'GET, HEAD, OPTIONS'],
  ])('%s %s is 405 with Allow', async (method, path, allow) => {
    const answer = await toyServer().send(method, path);

    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
    expect(await answer.json()).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' });
  });
});

describe('paths that are nothing', () => {
  test.each([
    ['GET', '/api'],
    ['GET', '/api/'],
    ['GET', '/api/boks'],
    ['GET', '/api/books//'],
    ['GET', '/api/books//shelve'],
    ['GET', '/api/secret'],
    ['GET', '/api/docs'],
    ['POST', '/api/webhook'],
    ['POST', '/api/webhook/1'],
    ['DELETE', '/api/webhook/1'],
    ['DELETE', '/api/books/1/~hard'],
  ])('%s %s is a 404 problem', async (method, path) => {
    const answer = await toyServer().send(method, path, method === 'POST' ? { subscription: 'x', url: 'http://x' } : undefined);

    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('/apiary is not /api', async () => {
    const answer = await toyServer().get('/apiary');

    expect(answer.headers.get('content-type')).not.toBe('application/problem+json');
  });
});

test('each request gets a context of its own', async () => {
  const { get, contexts } = toyServer();
  await get('/api/books');
  await get('/api/books');

  expect(contexts[0]).toHaveProperty('request');
  expect(contexts[0]).not.toBe(contexts[1]);
});
