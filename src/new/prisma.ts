import { DomainError } from '../errors.ts';
import { snake, words } from '../resource.ts';
import { type NewField, type NewModel, relationOf } from './model.ts';

type Line = [name: string, type: string, ...attributes: string[]];

const columns: Record<Exclude<NewField['kind'], 'reference' | 'choice'>, [type: string, ...attributes: string[]]> = {
  text: ['String', '@db.VarChar(255)'],
  longText: ['String'],
  integer: ['Int'],
  decimal: ['Decimal', '@db.Decimal(12, 2)'],
  money: ['Decimal', '@db.Decimal(12, 2)'],
  yesNo: ['Boolean', '@default(false)'],
  dateTime: ['DateTime', '@db.Timestamptz(3)'],
  date: ['DateTime', '@db.Date'],
  textList: ['Json', '@default("[]")'],
};

/** schema.prisma with the new model, and with the other side of each of its references. */
export function addModel(schema: string, model: NewModel): string {
  const linked = model.fields.reduce(
    (text, field) => (field.target && field.target !== model.name ? addBackRelation(text, field, model) : text),
    schema,
  );
  return `${[linked.trimEnd(), ...model.fields.flatMap(enumText), modelText(model)].join('\n\n')}\n`;
}

const enumText = ({ choice }: NewField): string[] =>
  choice
    ? [
        [
          `enum ${choice.name} {`,
          ...choice.values.map((value) => `  ${value}`),
          '',
          `  @@map("${snake(choice.name).toLowerCase()}")`,
          '}',
        ].join('\n'),
      ]
    : [];

function modelText(model: NewModel): string {
  const { name, table, fields } = model;
  const references = fields.filter(({ kind }) => kind === 'reference');
  const relations = references.flatMap((field): Line[] => {
    const { name: key, target, required } = field;
    const own = relationName(model, field);
    const from: Line = [
      relationOf(field),
      `${target}${required ? '' : '?'}`,
      `@relation(${own ? `"${own}", ` : ''}fields: [${key}], references: [id])`,
    ];
    return target === name ? [from, [field.backList ?? '', `${name}[]`, `@relation("${own}")`]] : [from];
  });
  const indexes = [...references.map(({ name: key }) => key), 'createdAt', 'updatedAt'].map((key) => `  @@index([${key}, id])`);
  return [
    `model ${name} {`,
    ...aligned([
      ['id', 'Int', '@id', '@default(autoincrement())'],
      ...fields.map(columnOf),
      ['version', 'Int', '@default(1)'],
      ['createdAt', 'DateTime', '@default(now())', '@map("created_at")', '@db.Timestamptz(3)'],
      ['updatedAt', 'DateTime', '@default(now())', '@map("updated_at")', '@db.Timestamptz(3)'],
    ]),
    ...(relations.length ? ['', ...aligned(relations)] : []),
    '',
    ...indexes,
    `  @@map("${table}")`,
    '}',
  ].join('\n');
}

/** Prisma has to be told apart relations between the same two models, and those of a model with itself. */
const relationName = ({ name, fields }: NewModel, field: NewField): string | undefined =>
  field.target === name || fields.filter(({ target }) => target === field.target).length > 1
    ? `${name}${words(relationOf(field)).replaceAll(' ', '')}`
    : undefined;

function columnOf({ name, kind, required, choice }: NewField): Line {
  const [type, ...attributes] = columnType(kind, choice);
  const nullable = !required && !attributes.some((attribute) => attribute.startsWith('@default'));
  const [defaults, native] = [
    attributes.filter((each) => each.startsWith('@default')),
    attributes.filter((each) => each.startsWith('@db')),
  ];
  return [name, `${type}${nullable ? '?' : ''}`, ...defaults, ...(snake(name) === name ? [] : [`@map("${snake(name)}")`]), ...native];
}

function columnType(kind: NewField['kind'], choice: NewField['choice']): [type: string, ...attributes: string[]] {
  if (choice) return [choice.name, `@default(${choice.values[0]})`];
  return kind === 'reference' || kind === 'choice' ? ['Int'] : columns[kind];
}

/** As `prisma format` would: names, types and attributes in columns. */
function aligned(lines: readonly Line[]): string[] {
  const [names, types] = [0, 1].map((at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  return lines.map(([name, type, ...attributes]) =>
    `  ${name.padEnd(names ?? 0)} ${type.padEnd(types ?? 0)} ${attributes.join(' ')}`.trimEnd(),
  );
}

/** `invoices Invoice[]` among the lists of the target, which Prisma demands. */
function addBackRelation(schema: string, field: NewField, model: NewModel): string {
  const { target, backList: list = model.many } = field;
  const block = new RegExp(`^model ${target} \\{\\n[\\s\\S]*?^\\}`, 'm').exec(schema)?.[0];
  if (!block) throw new DomainError('BAD_INPUT', `prisma/schema.prisma has no model ${target}.`);
  if (new RegExp(`^ +${list} `, 'm').test(block)) {
    throw new DomainError(
      'BAD_INPUT',
      `${target} has a field "${list}" already, where the ${model.name} records would hang. Choose another name.`,
    );
  }
  const named = relationName(model, field);
  return schema.replace(block, () => withList(block, list, `${model.name}[]${named ? ` @relation("${named}")` : ''}`));
}

function withList(block: string, many: string, type: string): string {
  const lines = block.split('\n');
  const last = lines.findLastIndex((line) => /^ +\w+ +\w+\[\]/.test(line));
  if (last >= 0) {
    const width = /^ +(\w+ +)/.exec(lines[last] ?? '')?.[1]?.length ?? 0;
    return lines.toSpliced(last + 1, 0, `  ${`${many} `.padEnd(width)}${type}`).join('\n');
  }
  const end = lines.findIndex((line) => /^( +@@|\})/.test(line));
  const above = lines[end - 1] === '' ? [] : [''];
  const below = lines[end] === '}' ? [] : [''];
  return lines.toSpliced(end, 0, ...above, `  ${many} ${type}`, ...below).join('\n');
}
