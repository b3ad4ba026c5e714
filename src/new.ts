import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { generateClient } from './db/generate.ts';
import { DomainError } from './errors.ts';
import { addToList, definitionText, fileName } from './new/definition.ts';
import { testText } from './new/example.ts';
import { kinds, type NewModel, readModel, type Taken } from './new/model.ts';
import { addModel } from './new/prisma.ts';
import { snake } from './resource.ts';
import { resources } from './resources/index.ts';

const root = join(import.meta.dirname, '..');
const schemaFile = 'prisma/schema.prisma';
const listFile = 'src/resources/index.ts';

const help = `npm run new -- Invoice [--fields "number:text! amount:money dueOn:date customer:Customer!"]

Writes a new model, its definition, its line in the list of resources and a test.

  --fields  name:kind with a space between; ! = required; kinds: ${kinds.join(', ')},
            the values of a choice such as DRAFT|SENT|PAID, or the name of a model
            (default: name:text!)`;

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof DomainError ? error.message : error);
  process.exit(1);
}

function main(words: string[]): void {
  const { name, fields } = readArguments(words);
  if (name === undefined) {
    console.log(help);
    return;
  }
  const schema = readFileSync(join(root, schemaFile), 'utf8');
  const model = readModel(name, fields, taken(schema));

  const files = new Map([
    [schemaFile, addModel(schema, model)],
    [`src/resources/${fileName(model)}.ts`, definitionText(model)],
    [listFile, addToList(readFileSync(join(root, listFile), 'utf8'), model)],
    [`tests/resources/${fileName(model)}.test.ts`, testText(model, resources)],
  ]);
  writeAll(files);
  // The definition names the enums of its choices, and nothing starts without them.
  generateClient();
  console.log(next(model, [...files.keys()]));
}

function readArguments(words: string[]): { name?: string; fields: string } {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: { fields: { type: 'string', default: '' }, help: { type: 'boolean' } },
    });
    if (positionals.length > 1)
      throw new Error(`One name at a time, and fields in --fields "…": "${positionals.slice(1).join(' ')}" is too much.`);
    return { ...(positionals[0] !== undefined && !values.help && { name: positionals[0] }), fields: values.fields };
  } catch (error) {
    throw new DomainError('BAD_INPUT', `${error instanceof Error ? error.message : error}\n\n${help}`);
  }
}

function taken(schema: string): Taken {
  const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name);
  const contract = readFileSync(join(root, 'schema.graphql'), 'utf8');
  return {
    models: new Set(found(schema, /^model (\w+)/gm)),
    targets: new Set(resources.map(({ name }) => name)),
    called: new Map(resources.flatMap(({ name, one, many }) => [one, many].map((each) => [each, name] as const))),
    types: new Set([
      ...['String', 'Int', 'Float', 'Boolean', 'ID', 'Subscription'],
      ...found(schema, /^enum (\w+)/gm),
      ...found(contract, /^(?:type|input|enum|interface|union|scalar) (\w+)/gm),
    ]),
  };
}

/** All of the files, or none: what is there is put back when one cannot be written. */
function writeAll(files: ReadonlyMap<string, string>): void {
  const before = new Map(
    [...files.keys()].map((file) => [file, existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : undefined]),
  );
  const inTheWay = [...before].find(([file, text]) => text !== undefined && file !== schemaFile && file !== listFile);
  if (inTheWay) throw new DomainError('CONFLICT', `${inTheWay[0]} exists already. Move it away, or choose another name.`);
  try {
    for (const [file, text] of files) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
  } catch (error) {
    for (const [file, text] of before) {
      if (text === undefined) rmSync(join(root, file), { force: true });
      else writeFileSync(join(root, file), text);
    }
    throw new DomainError('UNAVAILABLE', `Nothing was changed: ${error instanceof Error ? error.message : error}`);
  }
}

function next({ name, many, fields }: NewModel, files: string[]): string {
  const lists = fields.flatMap(({ name: key, target, backList }) => {
    const via = backList === many ? '' : `via: '${key}', `;
    return target
      ? [`\n\nFor lists of them on each ${target}, add to its relations: ${backList}: hasMany('${name}', { ${via}describe: '…' })`]
      : [];
  });
  return `wrote ${files.join(', ')}

Next:
  1. Say what each field means in ${files[1]}: it is the documentation of every surface.
  2. npm run db:migrate -- --name add_${snake(name)}
  3. npm run codegen
  4. npm test${lists.join('')}`;
}
