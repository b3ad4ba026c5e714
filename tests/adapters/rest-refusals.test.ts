import { request } from 'node:http';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { toyServer } from './rest-toy/server.ts';

type Issue = { path: (string | number)[]; message: string };

const issuesOf = async (answer: Response): Promise<Issue[]> => {
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  const { code, errors } = await answer.json();
  expect(code).toBe('BAD_INPUT');
  return errors;
};

describe('a query', () => {
  test.each([
    ['/books?gerne=novel', 'gerne', 'Did you mean "genre"?'],
    ['/books?page=0', 'page', 'at least 1'],
    ['/books?first=0', 'first', 'at least 1'],
    ['/books?page=-1', 'page', 'at least 1'],
    ['/books?page=1.5', 'page', 'whole number'],
    ['/books?page=', 'page', 'whole number'],
    ['/books?page=0x10', 'page', 'whole number'],
    ['/books?pageSize=101', 'pageSize', 'at most 100'],
    ['/books?page=1&page=2', 'page', 'more than once'],
    ['/books?genre=nowel', 'genre', 'Did you mean "novel"?'],
    ['/books?genre=NOVEL', 'genre', 'must be one of novel, poetry, science'],
    ['/books?price_gte=cheap', 'price_gte', 'must be a decimal'],
    ['/books?publishedAt_gte=yesterday', 'publishedAt_gte', 'ISO 8601'],
    ['/books?sort=a%00b', 'sort', 'nul'],
    ['/books?sort=%ff', 'sort', 'UTF-8'],
    ['/books?sort=%', 'sort', 'UTF-8'],
    ['/books?__proto__=1', '__proto__', 'not a known parameter'],
    ['/books?constructor=1', 'constructor', 'not a known parameter'],
    ['/books?genre[]=novel', 'genre[]', 'Did you mean "genre"?'],
    ['/books?fields=titel', 'fields', 'Did you mean "title"?'],
    ['/books?fields=shelf', 'fields', 'include'],
    ['/books?fields=', 'fields', 'at least one'],
    ['/books?include=shelv', 'include', 'Did you mean "shelf"?'],
    ['/books?include=title', 'include', 'is a field'],
    ['/books/2147483648', 'id', '32 bits'],
    ['/books/one', 'id', 'whole number'],
    ['/books/%E0%A4', 'id', 'UTF-8'],
    ['/books/by-genre/nowel', 'genre', 'Did you mean "novel"?'],
  ])('GET %s is refused for %s: %s', async (path, name, message) => {
    const [issue] = await issuesOf(await toyServer().get(`/api${path}`));

    expect(issue?.path).toEqual([name]);
    expect(issue?.message).toContain(message);
  });

  test('hears of everything that is wrong at once', async () => {
    const issues = await issuesOf(await toyServer().get('/api/books?page=0&genre=x&genre_in=novel,y&colour=red'));

    expect(issues.map(({ path }) => path)).toEqual([['colour'], ['page'], ['genre'], ['genre_in', 1]]);
  });

  test('does not reach the arguments of a write', async () => {
    const [issue] = await issuesOf(await toyServer().send('POST', '/api/books?title=X', { title: 'Y' }));

    expect(issue).toEqual({ path: ['title'], message: 'is given in the body' });
  });

  test('does not give the version that a header is for', async () => {
    const [issue] = await issuesOf(await toyServer().send('DELETE', '/api/books/1?expectedVersion=1'));

    expect(issue?.message).toBe('is given in the header If-Match');
  });

  test('does not override the path', async () => {
    const [issue] = await issuesOf(await toyServer().get('/api/books/1?id=2'));

    expect(issue?.message).toBe('is given in the path');
  });

  test('has flags that are true or false', async () => {
    const [issue] = await issuesOf(await toyServer().send('DELETE', '/api/books/1?hard=yes'));

    expect(issue).toEqual({ path: ['hard'], message: 'must be true or false' });
  });
});

describe('a body', () => {
  test.each<[string, unknown, (string | number)[], string]>([
    ['without a required field', {}, ['title'], 'is required'],
    ['with null for a required field', { title: null }, ['title'], 'is required'],
    ['with an unknown field', { title: 'X', gerne: 'novel' }, ['gerne'], 'Did you mean "genre"?'],
    ['with the path in it', { title: 'X', id: 1 }, ['id'], 'is read-only here'],
    ['with __proto__ in it', '{"title":"X","__proto__":{"x":1}}', ['__proto__'], 'not a known field'],
    ['with a number for a text', { title: 5 }, ['title'], 'must be a text, not 5'],
    ['with a text for a number', { title: 'X', pages: '5' }, ['pages'], 'whole number'],
    ['with a fraction for a whole number', { title: 'X', pages: 1.5 }, ['pages'], 'whole number'],
    ['with a number below the minimum', { title: 'X', pages: 0 }, ['pages'], 'at least 1'],
    ['with one value for a list', { title: 'X', tags: 'a' }, ['tags'], 'must be a list, not "a"'],
    ['with null in a list', { title: 'X', tags: ['a', null] }, ['tags', 1], 'is required'],
    ['with a nul character', { title: 'a\0b' }, ['title'], 'nul'],
    ['with half a surrogate pair', '{"title":"\\ud800"}', ['title'], 'surrogate'],
    ['with too long a text', { title: 'x'.repeat(256) }, ['title'], 'longer than 255'],
    ['that is a list', [], [], 'must be a JSON object'],
    ['that is null', 'null', [], 'must be a JSON object'],
    ['that is a text', '"title"', [], 'must be a JSON object'],
    ['nested deeper than the stack', `{"title":${'['.repeat(400_000)}${']'.repeat(400_000)}}`, ['title'], 'not a list'],
  ])('%s is refused', async (_, body, path, message) => {
    const [issue] = await issuesOf(await toyServer().send('POST', '/api/books', body));

    expect(issue?.path).toEqual(path);
    expect(issue?.message).toContain(message);
  });

  test('of many names the item and the field', async () => {
    const issues = await issuesOf(await toyServer().send('POST', '/api/books/bulk', [{ title: 'A' }, { titel: 'B' }, 7]));

    expect(issues.map(({ path }) => path)).toEqual([[1, 'titel'], [1, 'title'], [2]]);
  });

  test('of many must be a list', async () => {
    expect(await issuesOf(await toyServer().send('POST', '/api/books/bulk', { title: 'A' }))).toEqual([
      { path: [], message: 'must be a list, not an object' },
    ]);
  });

  test('that is missing is a missing field', async () => {
    expect(await issuesOf(await toyServer().send('POST', '/api/books'))).toEqual([{ path: ['title'], message: 'is required' }]);
  });

  test('where none belongs is refused', async () => {
    expect((await toyServer().send('DELETE', '/api/books/1', { hard: true })).status).toBe(400);
  });

  test.each([
    ['{"title":', undefined, 'not valid JSON'],
    [new Uint8Array([0x22, 0xff, 0x22]), undefined, 'not valid UTF-8'],
    ['{"title":"X"}', 'text/plain', 'Content-Type: application/json'],
    ['title=X', 'application/x-www-form-urlencoded', 'Content-Type: application/json'],
    ['{"title":"X"}', 'application/json; charset=latin1', 'Content-Type: application/json'],
  ])('%s of type %s is refused', async (body, type, message) => {
    const answer = await toyServer().send('POST', '/api/books', body, type ? { 'content-type': type } : {});

    expect(answer.status).toBe(type ? 415 : 400);
    expect((await answer.json()).detail).toContain(message);
  });

  test('over a megabyte is too large', async () => {
    const answer = await toyServer().send('POST', '/api/books', { title: 'x'.repeat(1024 * 1024) });

    expect([answer.status, (await answer.json()).code]).toEqual([413, 'TOO_LARGE']);
  });

  test('over a megabyte is too large without a declared length, and is not read to its end', async () => {
    const { url, close } = await toyServer().listen();
    onTestFinished(close);

    const status = await new Promise((resolve, reject) => {
      const sending = request(`${url}/api/books`, { method: 'POST', headers: { 'content-type': 'application/json' } }, (answer) => {
        resolve(answer.statusCode);
        sending.destroy();
      });
      sending.on('error', reject);
      // Never ended: the answer has to come before the end of the body.
      sending.write('x'.repeat(1024 * 1024 + 1));
    });

    expect(status).toBe(413);
  });
});

describe('a failure', () => {
  test('of the domain keeps its code and what stood in the way', async () => {
    const answer = await toyServer().send('POST', '/api/books', { title: 'Taken' });

    expect(await answer.json()).toMatchObject({ status: 409, title: 'Conflict', code: 'CONFLICT', current: { version: 4 } });
  });

  test('to make the context is answered like any other', async () => {
    const answer = await toyServer().get('/api/books', { 'x-stranger': 'yes' });

    expect([answer.status, (await answer.json()).code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  test('of what costs too much names what to lower here', async () => {
    const answer = await toyServer().get('/api/books?sort=everything&pageSize=100');

    const { status, detail } = await answer.json();
    expect([status, detail]).toEqual([400, expect.stringMatching(/lower `pageSize`.*`include`.*`fields`/)]);
  });

  test('that passes says when to come back', async () => {
    const answer = await toyServer().get('/api/closed');

    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7']);
  });

  test('that nobody foresaw is masked and logged once, under an id', async () => {
    const { get, logged } = toyServer();
    const text = await (await get('/api/fire')).text();

    expect(JSON.parse(text)).toMatchObject({ status: 500, code: 'INTERNAL', id: '1' });
    expect(text).not.toContain('secret');
    expect(logged).toEqual([new TypeError('secret of the house')]);
  });
});

test('no path, query, header or body is ever a fault of the server', async () => {
  const { send, logged } = toyServer();
  const name = fc.constantFrom('page', 'pageSize', 'genre', 'genre_in', 'title_in', 'price_gte', 'include', 'fields', 'hard', 'id', '');
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('1', '%', '%00', '%ff', ',', 'title,id', 'shelf', 'true', '1e9', '-0'),
  );
  const segment = fc.oneof(fc.constantFrom('books', 'shelves', 'bulk', 'by-genre', '1', '2', 'shelve', 'novel'), fc.webSegment());
  const value = fc.oneof(
    fc.jsonValue(),
    fc.record({ title: fc.jsonValue(), tags: fc.jsonValue(), price: fc.jsonValue(), shelfId: fc.jsonValue() }, { requiredKeys: [] }),
  );
  const request = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'HEAD', 'OPTIONS'),
    path: fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/')),
    query: fc
      .array(fc.tuple(name, text), { maxLength: 3 })
      .map((pairs) => pairs.map(([key, given]) => `${key}=${given.replaceAll('#', '')}`).join('&')),
    body: fc.oneof(
      fc.string(),
      value.map((json) => JSON.stringify(json)),
    ),
    tag: fc.constantFrom('"1"', '*', 'x', 'W/"2"', '"99999999999"'),
  });

  await fc.assert(
    fc.asyncProperty(request, async ({ method, path, query, body, tag }) => {
      const bare = ['GET', 'HEAD', 'OPTIONS'].includes(method);
      const answer = await send(method, `/api/${path}?${query}`, bare ? undefined : body, { 'if-match': tag, 'if-none-match': tag });
      expect(answer.status).toBeLessThan(500);
    }),
    { numRuns: 1000 },
  );
  expect(logged).toEqual([]);
});
