import { beforeAll, describe, expect, test } from 'vitest';
import { lint, validate } from './openapi-checks.ts';
import { toyServer } from './rest-toy/server.ts';

let source: string;
beforeAll(async () => {
  source = await (await toyServer().get('/openapi.json')).text();
});
const at = (...path: (string | number)[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], JSON.parse(source));

describe('the OpenAPI document', () => {
  test('has no error and no warning for Redocly', async () => {
    expect(await lint(source)).toEqual([]);
  });

  test('is valid OpenAPI 3.1', async () => {
    expect(await validate(source)).toEqual({ valid: true });
    expect(at('openapi')).toBe('3.1.0');
  });

  test('names every operation by its GraphQL field', () => {
    const paths = at('paths') as Record<string, Record<string, { operationId: string }>>;

    expect(
      Object.values(paths)
        .flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId))
        .sort(),
    ).toEqual([
      'book',
      'books',
      'booksByGenre',
      'closed',
      'createBook',
      'createBooks',
      'createShelf',
      'deleteBook',
      'deleteBooks',
      'fire',
      'shelf',
      'shelveBook',
      'updateBook',
    ]);
  });

  test('shows a flag as a parameter of the plain operation', () => {
    expect(at('paths', '/books/{id}', 'delete', 'parameters')).toContainEqual({
      name: 'hard',
      in: 'query',
      description: 'If true: Removes a book for good.',
      schema: { type: 'boolean', default: false },
    });
  });

  test('lists what can be included and selected', () => {
    expect(at('paths', '/books', 'get', 'parameters')).toContainEqual(
      expect.objectContaining({ name: 'include', explode: false, schema: { type: 'array', items: { type: 'string', enum: ['shelf'] } } }),
    );
  });

  test('carries limits from arguments', () => {
    expect(at('paths', '/books', 'get', 'parameters')).toContainEqual(
      expect.objectContaining({
        name: 'pageSize',
        schema: expect.objectContaining({ minimum: 1, maximum: 100, default: 25 }),
      }),
    );
  });

  test('has bodies as components, with limits, examples and nullable fields', () => {
    expect(at('components', 'schemas', 'BookCreate')).toMatchObject({
      required: ['title'],
      additionalProperties: false,
      properties: {
        title: { type: 'string', maxLength: 255, examples: ['Middlemarch'] },
        pages: { type: ['integer', 'null'], minimum: 1 },
        genre: { anyOf: [{ $ref: '#/components/schemas/BookGenre' }, { type: 'null' }] },
      },
    });
  });

  test('requires of a record everything but its relations', () => {
    expect(at('components', 'schemas', 'Book', 'required')).toEqual([
      'id',
      'version',
      'title',
      'genre',
      'price',
      'pages',
      'publishedAt',
      'tags',
    ]);
  });

  test('has every error as a shared response', () => {
    expect(Object.keys(at('paths', '/books/{id}', 'patch', 'responses') as object)).toEqual([
      '200',
      '400',
      '401',
      '403',
      '404',
      '409',
      '412',
      '413',
      '415',
      '429',
      '500',
      '503',
    ]);
    expect(at('paths', '/books/{id}', 'patch', 'responses', '409')).toEqual({ $ref: '#/components/responses/Conflict' });
  });

  test('documents ETag, Location and If-Match', () => {
    expect(at('paths', '/books', 'post', 'responses', '201', 'headers')).toMatchObject({
      ETag: { $ref: '#/components/headers/ETag' },
      Location: { $ref: '#/components/headers/Location' },
    });
    expect(at('paths', '/books/{id}', 'patch', 'parameters')).toContainEqual(expect.objectContaining({ name: 'If-Match', in: 'header' }));
  });
});
