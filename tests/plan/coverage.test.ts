import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Observed, observing } from '../../src/observed.ts';
import { resources } from '../../src/resources/index.ts';
import { type TestApp, testApp } from '../harness.ts';

// What programs ask for day in, day out is planned, whatever it is about: nothing below names a resource.

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

async function isPlanned(path: string, init?: RequestInit): Promise<boolean | undefined> {
  const entry: Observed = { statements: 0 };
  const response = await observing(entry, () => app.fetch(path, init));
  expect([200, 404]).toContain(response.status);
  return entry.planned;
}

test('to whoever looks for it, answers say whether they were planned', async () => {
  const debugged = await testApp({ config: { introspection: true, logLevel: 'debug' } });
  const header = async (path: string) => observing({ statements: 0 }, async () => (await debugged.fetch(path)).headers.get('x-planned'));
  expect(await Promise.all(['/api/customers', '/api/search?query=a', '/api/health'].map(header))).toEqual(['true', 'false', null]);
  await debugged.close();
});

describe.each(resources.filter(({ rest }) => rest).map((resource) => [resource.path, resource] as const))(
  '/%s',
  (path, { relations, fields }) => {
    const references = Object.keys(fields).filter((name) => fields[name]?.kind === 'reference');
    const included = [...Object.keys(relations), ...references.map((name) => name.replace(/Id$/, ''))];

    test.each<readonly [string, string]>([
      ['a list', `/api/${path}`],
      ['a list by cursor', `/api/${path}?first=5`],
      ['a numbered page', `/api/${path}?page=2&pageSize=5`],
      ['chosen fields', `/api/${path}?fields=id`],
      ['a record', `/api/${path}/1`],
      ['a summary', `/api/${path}/summary`],
      ...included.map((name) => [`a list with ${name}`, `/api/${path}?include=${name}`] as const),
      ...included.map((name) => [`a record with ${name}`, `/api/${path}/1?include=${name}`] as const),
    ])('%s is planned', async (_name, address) => {
      expect(await isPlanned(address)).toBe(true);
    });
  },
);
