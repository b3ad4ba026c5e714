import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import type { Resource } from '../src/resource.ts';
import { resources } from '../src/resources/index.ts';

const root = join(import.meta.dirname, '..');
const files = globSync('src/**/*.{ts,tsx}', { cwd: root, exclude: ['src/*/gql/**'] }).sort();

const base = ['base'];
const server = [
  'plan',
  'observe',
  'base',
  'resource',
  'resources',
  'services',
  'schema',
  'extensions',
  'changes',
  'adapters',
  'auth',
  'db',
];

/** Who may import whom. A layer may always import itself; a file in no layer fails. */
const mayImport: Record<string, readonly string[]> = {
  base: [],
  db: base,
  changes: base,
  auth: base,
  observe: base,
  services: [...base, 'changes'],
  resource: base,
  resources: [...base, 'resource', 'services'],
  // Not `resources`: the machine cannot special-case a model.
  schema: [...base, 'resource', 'changes'],
  // It answers what the schema describes, by the same functions that make its statements.
  plan: [...base, 'resource', 'schema'],
  // Written by hand where a definition cannot say it: the CRM's own, in terms of the finished builder.
  extensions: [...base, 'resource', 'services', 'changes', 'schema'],
  // Nothing of the CRM: an adapter sees the finished GraphQL schema.
  adapters: base,
  server,
  main: [...server, 'server'],
  mcp: [...server, 'server'],
  // After `npm ci`.
  'trim-install': [],
  // `npm run user:reset` works on the database, without a server.
  rescue: [...base, 'auth', 'db'],
  // `npm run dev` starts the server and Vite as programs.
  dev: [],
  // `npm run new` writes definitions, and has the database client written; it is no part of the server.
  new: [...base, 'resource', 'resources', 'db'],
  // They talk to the server over HTTP, in generated documents.
  web: [],
  client: [],
};

/** Packages that stay behind one layer's door, and generated code. */
const onlyIn: Record<string, readonly string[]> = {
  'prisma/generated': ['base', 'resource', 'resources', 'services', 'changes', 'auth', 'db', 'schema'],
  '@prisma/': ['db'],
  '@electric-sql/': ['db'],
  pg: ['db'],
  '@pothos/': ['schema'],
  'sofa-api': ['adapters'],
  react: ['web'],
};

const layerOf = (file: string): string => {
  const name = file.split('/')[1]?.replace(/\.tsx?$/, '') ?? '';
  if (
    [
      'config',
      'errors',
      'access',
      'batch',
      'context',
      'change',
      'credentials',
      'body',
      'observed',
      'logger',
      'settings',
      'sql-list',
      'request-id',
      'quota',
    ].includes(name)
  )
    return 'base';
  return ['fields', 'action'].includes(name) ? 'resource' : name;
};

const source = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Import {
  from: string;
  /** A file of the project, or the name of a package. */
  to: string;
  internal: boolean;
}

/** Static, type-only, side-effect and dynamic imports, and re-exports. */
const imports: Import[] = files.flatMap((from) =>
  [...withoutProse(withoutComments(source(from))).matchAll(/(?:\bfrom|\bimport\(|\bimport)\s*'([^']+)'/g)].map(([, name = '']) => {
    const internal = name.startsWith('.');
    return { from, internal, to: internal ? relative(root, join(root, dirname(from), name)) : name };
  }),
);

test('every import goes to an existing file with its extension', () => {
  expect(imports.filter(({ internal, to }) => internal && !existsSync(join(root, to)))).toEqual([]);
  expect(imports.length).toBeGreaterThan(100);
});

test('imports point one way, as the table of layers says', () => {
  const wrong = imports.filter(({ from, to, internal }) => {
    if (!internal || !to.startsWith('src/')) return false;
    const [layer, target] = [layerOf(from), layerOf(to)];
    return layer !== target && !mayImport[layer]?.includes(target);
  });
  expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  expect(files.filter((file) => !mayImport[layerOf(file)])).toEqual([]);
});

/** The rooms of the schema, each of which may import those before it; `index.ts` and `ui.ts` put them together. */
const rooms = ['model', 'sql', 'write', 'graphql', 'log', 'ui', 'view'];

test('the rooms of the schema import one way', () => {
  const roomOf = (file: string) => /^src\/schema\/(\w+)\//.exec(file)?.[1];
  const wrong = imports.filter(({ from, to }) => {
    const [room, target] = [roomOf(from), roomOf(to)];
    return room && to.startsWith('src/schema/') && !(target && rooms.indexOf(target) <= rooms.indexOf(room));
  });
  expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  expect(files.filter((file) => roomOf(file) && !rooms.includes(roomOf(file) ?? ''))).toEqual([]);
});

test('a folder of more than ten files says what lives in it', () => {
  const counts = Map.groupBy(files, (file) => dirname(file));
  const large = [...counts].filter(([folder, inside]) => folder !== 'src' && inside.length > 10).map(([folder]) => folder);
  expect(large.filter((folder) => !existsSync(join(root, folder, 'README.md')))).toEqual([]);
  expect(large.length).toBeGreaterThan(5);
});

test('libraries stay behind the door of their layer', () => {
  const wrong = imports.filter(({ from, to }) => {
    const door = Object.keys(onlyIn).find((name) => to === name || to.startsWith(name.endsWith('/') ? name : `${name}/`));
    return door && !onlyIn[door]?.includes(layerOf(from));
  });
  expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

test('no file imports itself round a corner, types included', () => {
  const next = new Map(files.map((file) => [file, imports.filter(({ from, internal }) => internal && from === file).map(({ to }) => to)]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file) || path.includes(file)) return;
    for (const to of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});

test('no file of src has more than 300 lines', () => {
  expect(files.filter((file) => source(file).trimEnd().split('\n').length > 300)).toEqual([]);
});

test('nothing is typed any', () => {
  const any = /[:<,(|&=]\s*any\b\s*[;,)>=|&[\]]|\bas any\b/;
  expect(files.filter((file) => any.test(withoutProse(withoutComments(source(file)))))).toEqual([]);
});

test('only definitions, services, the sample data and clients name a model, its fields or its actions', () => {
  const namesOf = ({ name, one, many, table, fields, actions }: Resource) => {
    // One word may mean anything (`order` is also that of a list, a session one with the database); several words are a name.
    const compound = Object.keys(fields).filter((field) => /[A-Z]/.test(field) && !kept.includes(field));
    return [name, one, many, table, ...compound, ...Object.keys(actions)].filter(
      (each) => !['order', 'Session', 'session', 'sessions'].includes(each),
    );
  };
  const wordOf = (models: readonly Resource[]) => new RegExp(`\\b(${models.flatMap(namesOf).join('|')})\\b`);
  const [any, other] = [wordOf(resources), wordOf(resources.filter(({ name }) => !people.includes(name)))];
  const elsewhere = files.filter((file) => !/^src\/(resources|services|extensions|web|client|db\/(commands\/)?seed)\b/.test(file));
  const found = elsewhere.flatMap((file) => {
    const word = /^src\/(auth\/|access\.ts)/.test(file) ? other : any;
    // Words of protocols: of MCP's messages, and of OpenAPI.
    const own = source(file).replaceAll(/role: 'user'|type: 'apiKey'|\bwebhooks: messages\b|'webhook-\w+'/g, '');
    const [hit] = word.exec(withoutProse(withoutComments(own))) ?? [];
    return hit ? [`${file}: ${hit}`] : [];
  });
  expect(found).toEqual([]);
});

/** What signing in is about. */
const people = ['User', 'Invitation', 'ApiKey', 'Session', 'OauthConsent', 'AccountEvent'];

const kept = ['createdAt', 'updatedAt', 'deletedAt'];

/** Comments may give examples. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

/** So may sentences that people read; a string of one word is a name. */
function withoutProse(text: string): string {
  return text.replace(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g, (literal) => (/\s/.test(literal) ? "''" : literal));
}
