import biome from '../../biome.json' with { type: 'json' };
import { DomainError } from '../errors.ts';
import { words } from '../resource.ts';
import type { NewField, NewModel } from './model.ts';

const vocabulary = ['text', 'longText', 'integer', 'decimal', 'money', 'yesNo', 'dateTime', 'date', 'textList', 'reference', 'choice'];
const enumsFile = '../../prisma/generated/enums.ts';
const keywords = `break case catch class const continue debugger default delete do else enum export extends false finally for function if
  import in instanceof new null return super switch this throw true try typeof var void while with yield let static await implements
  interface package private protected public resources arguments eval`;
const unusable = new Set([...vocabulary, 'defineResource', ...keywords.split(/\s+/)]);

/** What the definition is called in code: `invoice`, and `caseResource` for the model Case. */
const constant = ({ one }: NewModel): string => (unusable.has(one) ? `${one}Resource` : one);

export const fileName = ({ name }: NewModel): string => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();

/** `src/resources/invoice.ts`: short, and true as far as it goes. */
export function definitionText(model: NewModel): string {
  const used = new Set<string>(model.fields.map(({ kind }) => kind));
  const enums = model.fields.flatMap(({ choice }) => (choice ? [choice.name] : [])).sort();
  const imported = enums.length ? [`import { ${enums.join(', ')} } from '${enumsFile}';`] : [];
  return `${[...imported, `import { ${[...used].sort().join(', ')} } from '../fields.ts';`].join('\n')}
import { defineResource } from '../resource.ts';

export const ${constant(model)} = defineResource('${model.name}', {
  describe: '${article(model.spoken, true)} ${model.spoken}.',
  title: '${model.title}',
  fields: {
${model.fields.map((field) => `    ${field.name}: ${fieldText(field, model)},`).join('\n')}
  },
${boardText(model)}});
`;
}

/** A board with a column for each value of the first choice. */
function boardText({ title, fields }: NewModel): string {
  const by = fields.find(({ choice }) => choice)?.name;
  const sum = fields.find(({ kind }) => kind === 'money')?.name;
  const card = [title, ...(sum ? [sum] : [])].map((name) => `'${name}'`).join(', ');
  return by ? `  ui: { board: { by: '${by}', ${sum ? `sum: '${sum}', ` : ''}card: [${card}] } },\n` : '';
}

function fieldText({ name, kind, required, target, choice }: NewField, { title }: NewModel): string {
  const label = words(name.replace(/Id$/, ''));
  const options = [
    ...(kind === 'money' ? [`currency: 'USD'`] : []),
    ...(target ? [`label: '${label}'`] : []),
    `describe: '${label.charAt(0)}${label.slice(1).toLowerCase()}.'`,
    ...(kind === 'yesNo' ? ['default: false'] : []),
    ...(choice ? [`default: '${choice.values[0]}'`] : []),
    ...(required && !['yesNo', 'textList', 'choice'].includes(kind) ? ['required: true'] : []),
    ...(name === title ? ['search: true'] : []),
  ];
  if (choice) {
    const values = choice.values.map((value) => `        ${value}: '${sentence(value)}',`);
    return `choice(${choice.name}, {\n${options.map((option) => `      ${option},`).join('\n')}\n      values: {\n${values.join('\n')}\n      },\n    })`;
  }
  return `${kind}(${target ? `'${target}', ` : ''}{ ${options.join(', ')} })`;
}

/** `ON_HOLD` → `On hold.` */
const sentence = (value: string): string => `${value.charAt(0)}${value.slice(1).toLowerCase().replaceAll('_', ' ')}.`;

/** The formatter's, so that what is written needs no repair. */
const lineWidth = biome.formatter.lineWidth;

/** The list in `src/resources/index.ts` with the new resource at its end. */
export function addToList(index: string, model: NewModel): string {
  const line = `import { ${constant(model)} } from './${fileName(model)}.ts';`;
  const imports = index.match(/^import .*$/gm) ?? [];
  const after = imports.filter((each) => from(each) < from(line)).at(-1);
  const imported = after ? index.replace(after, () => `${after}\n${line}`) : `${line}\n${index}`;
  const listed = imported.replace(/(export const resources\b.*?= \[)([^\]]*)\]/s, (_, open: string, list: string) => {
    const names = [...(list.match(/\w+/g) ?? []), constant(model)];
    const line = `${open}${names.join(', ')}]`;
    return line.length < lineWidth ? line : `${open}\n${names.map((name) => `  ${name},\n`).join('')}]`;
  });
  if (listed === imported)
    throw new DomainError('BAD_INPUT', 'src/resources/index.ts has no line "export const resources = [...]" to add to.');
  return listed;
}

/** Without its ending: the formatter sorts `order` before `order-line`. */
const from = (line: string): string => /from '(.*)\.ts'/.exec(line)?.[1] ?? '';

export function article(noun: string, start = false): string {
  const word = /^[aeiou]/.test(noun) ? 'an' : 'a';
  return start ? word.charAt(0).toUpperCase() + word.slice(1) : word;
}
