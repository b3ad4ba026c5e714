import { glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import {
  buildSchema,
  GraphQLNonNull,
  type GraphQLSchema,
  isNonNullType,
  isObjectType,
  lexicographicSortSchema,
  parse,
  printSchema,
  Source,
} from 'graphql';

const root = import.meta.dirname;
const schemaFile = join(root, 'schema.graphql');

/** What the client side of a scalar is: JSON, so money and moments are text. */
const scalars = { ID: 'string', Decimal: 'string', DateTime: 'string', Date: 'string', JSON: 'unknown', _Any: 'unknown' };

/** `npm run codegen`: the contract, the settings in the README, then the documents typed by the contract. */
if (import.meta.main) {
  if (!process.argv.includes('--documents')) {
    await writeSchema();
    await writeSettings();
  }
  await writeDocuments();
}

async function writeSchema(): Promise<void> {
  const { createSchema } = await import('./src/schema/index.ts');
  const { resources } = await import('./src/resources/index.ts');
  const { extensions } = await import('./src/extensions/index.ts');
  await writeFile(schemaFile, `${printSchema(lexicographicSortSchema(createSchema(resources, extensions)))}\n`);
}

async function writeSettings(): Promise<void> {
  const file = join(root, 'README.md');
  const readme = await readFile(file, 'utf8');
  const table = await settingsTable();
  await writeChanged(
    file,
    readme.replace(/^\| setting \|.*\n(\|.*\n)+/m, () => table),
  );
}

/** Every setting of `src/config.ts` as Markdown. */
export async function settingsTable(): Promise<string> {
  const { settings } = await import('./src/config.ts');
  const rows = Object.entries(settings).map(([name, { about, expected, type }]) => {
    const value = type.parse(undefined);
    const shown = typeof value === 'boolean' ? (value ? 'on' : 'off') : value;
    return `| \`${name}\` | ${shown === undefined ? '' : `\`${shown}\``} | ${about} | ${expected} |\n`;
  });
  return `| setting | default | meaning | value |\n|---|---|---|---|\n${rows.join('')}`;
}

/** For each place that talks to the server, `gql/`: its `graphql(…)` documents with the types of variables and results. */
export async function writeDocuments(): Promise<void> {
  const schemaAst = withoutFailures(buildSchema(await readFile(schemaFile, 'utf8')));
  for (const directory of ['src/web', 'src/client']) {
    const documents = await documentsIn(directory);
    if (documents.length > 0) await generate(schemaAst, documents, `${directory}/gql/`);
  }
}

/** Ours throw whatever failed, so that of what they get only a record may be null, which is not there. */
function withoutFailures(schema: GraphQLSchema): GraphQLSchema {
  const node = schema.getType('Node');
  for (const root of [schema.getQueryType(), schema.getMutationType()])
    for (const field of Object.values(root?.getFields() ?? {})) {
      const { type } = field;
      const isRecord = type === node || (isObjectType(type) && type.getInterfaces().some((each) => each === node));
      if (!isNonNullType(type) && !(isRecord && root === schema.getQueryType())) field.type = new GraphQLNonNull(type);
    }
  return schema;
}

type Documents = Awaited<ReturnType<typeof documentsIn>>;

async function documentsIn(directory: string) {
  const files = await Array.fromAsync(glob(`${directory}/**/*.{ts,tsx}`, { cwd: root, exclude: [`${directory}/gql/**`] }));
  const found = await Promise.all(
    files.sort().map(async (location) => {
      const source = await readFile(join(root, location), 'utf8');
      return [...source.matchAll(/\bgraphql\(\s*`([^`]*)`/g)].map(([, rawSDL = '']) => ({
        location,
        rawSDL,
        document: parse(new Source(rawSDL, location)),
      }));
    }),
  );
  return found.flat();
}

async function generate(schemaAst: GraphQLSchema, documents: Documents, baseOutputDir: string): Promise<void> {
  const config = { documentMode: 'string', scalars, useTypeImports: true, importExtension: '.ts' };
  const sections = await preset.buildGeneratesSection({
    baseOutputDir,
    schema: parse(printSchema(schemaAst)),
    schemaAst,
    documents,
    config,
    presetConfig: { fragmentMasking: false },
    plugins: [],
    pluginMap: {},
  });
  for (const section of sections) await writeChanged(join(root, section.filename), await codegen(section));
}

/** Leaves a current file alone, so that whoever watches it is not woken. */
async function writeChanged(file: string, content: string): Promise<void> {
  const current = await readFile(file, 'utf8').catch(() => undefined);
  if (current === content) return;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}
