import { DomainError } from '../errors.ts';
import { plural, snake, words } from '../resource.ts';

/** What a field of a new model may be, besides a reference: the words of `src/fields.ts`. */
export const kinds = ['text', 'longText', 'integer', 'decimal', 'money', 'yesNo', 'dateTime', 'date', 'textList'] as const;

export type Kind = (typeof kinds)[number];

/** Between the values of a choice. */
const or = '|';

export interface NewField {
  /** As the definition writes it: `customerId` for a reference. */
  name: string;
  kind: Kind | 'reference' | 'choice';
  required: boolean;
  /** Of a reference: the model it points to, and what the records are called there. */
  target?: string;
  backList?: string;
  /** Of a choice: its Prisma enum, and what it has, the first being what a new record gets. */
  choice?: { name: string; values: readonly string[] };
}

export interface NewModel {
  name: string;
  one: string;
  many: string;
  table: string;
  /** How it is called in a sentence: `order line`. */
  spoken: string;
  /** The field that names a record to people. */
  title: string;
  fields: readonly NewField[];
}

/** What is there already and must not be met. */
export interface Taken {
  models: ReadonlySet<string>;
  /** Names of enums and GraphQL types. */
  types: ReadonlySet<string>;
  /** What records are called, one and many, and of which model. */
  called: ReadonlyMap<string, string>;
  /** Models that records may point to: those with a definition. */
  targets: ReadonlySet<string>;
}

/** Columns of every model, and arguments of every list: in REST's query string they stand beside the fields. */
const reserved = new Set([
  ...['id', 'version', 'createdAt', 'updatedAt', 'deletedAt', 'databaseId', 'expectedVersion', 'idempotencyKey', 'dryRun'],
  ...['first', 'after', 'last', 'before', 'page', 'pageSize', 'search', 'sort', 'trash', 'limit', 'fields', 'include', 'hard', 'by', 'ids'],
]);

const refuse = (message: string) => new DomainError('BAD_INPUT', message);

/** Reads `Invoice` and `number:text! amount:money customer:Customer`; throws one sentence that says what to write instead. */
export function readModel(name: string, described: string, taken: Taken): NewModel {
  if (!/^([A-Z][a-z0-9]+)+$/.test(name))
    throw refuse(`A model is named in PascalCase, one record of it: Invoice or OrderLine, not "${name}".`);
  if (taken.models.has(name))
    throw refuse(`There is a model ${name} already. Change it in prisma/schema.prisma and src/resources/, or choose another name.`);
  if (taken.types.has(name)) throw refuse(`${name} is the name of a GraphQL type. Choose another name.`);

  const given = described
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((text) => readField(text, name, taken));
  const named = given.some(({ kind, required }) => kind === 'text' && required);
  const fields: NewField[] = named ? given : [{ name: 'name', kind: 'text', required: true }, ...given];
  checkNames(fields);

  const one = name.charAt(0).toLowerCase() + name.slice(1);
  for (const each of [one, plural(one)])
    if (taken.called.has(each)) throw refuse(`"${each}" are records of ${taken.called.get(each)} already. Choose another name.`);
  const title = fields.find(({ kind, required }) => kind === 'text' && required)?.name ?? 'name';
  return {
    name,
    one,
    many: plural(one),
    table: snake(plural(name)),
    spoken: words(name).toLowerCase(),
    title,
    fields: withLists(fields, plural(one)),
  };
}

/** Of several references to one model each has a list of its own there: `ordersAsPayer`. */
const withLists = (fields: readonly NewField[], many: string): NewField[] =>
  fields.map((field) => {
    if (!field.target) return field;
    const alone = fields.filter(({ target }) => target === field.target).length === 1;
    return { ...field, backList: alone ? many : `${many}As${words(relationOf(field)).replaceAll(' ', '')}` };
  });

/** `customerId` → `customer`. */
export const relationOf = ({ name }: NewField): string => name.replace(/Id$/, '');

function readField(text: string, model: string, { targets, types }: Taken): NewField {
  const [, name, kind, mark] = /^(\w+):([\w|]+)(!?)$/.exec(text) ?? [];
  if (!name || !kind) throw refuse(`A field is written name:kind, such as number:text! (! = required), not "${text}".`);
  if (!/^[a-z][A-Za-z0-9]*$/.test(name)) throw refuse(`A field is named in camelCase, such as dueOn, not "${name}".`);
  const required = mark === '!';
  if (kind.includes(or))
    return { name, kind: 'choice', required, choice: readChoice(`${model}${words(name).replaceAll(' ', '')}`, kind, types) };
  if (kind === model && required)
    throw refuse(`The first ${model} would have no other to point to with "${name}". Write ${name}:${kind}, without the "!".`);
  if (kind === model || targets.has(kind)) return { name: `${name.replace(/Id$/, '')}Id`, kind: 'reference', required, target: kind };
  const found = kinds.find((each) => each === kind);
  if (!found)
    throw refuse(
      `"${kind}" is no kind of field. There are ${kinds.join(', ')}, choices such as DRAFT${or}SENT${or}PAID, and the models ${[model, ...targets].join(', ')}.`,
    );
  return { name, kind: found, required };
}

function readChoice(name: string, text: string, types: ReadonlySet<string>): NonNullable<NewField['choice']> {
  const values = text.split(or);
  const wrong = values.find((value, index) => !/^[A-Z][A-Z0-9_]*$/.test(value) || values.indexOf(value) !== index);
  if (wrong !== undefined) throw refuse(`A choice is written DRAFT${or}SENT${or}PAID, each value once and in capitals; "${wrong}" is not.`);
  if (types.has(name)) throw refuse(`The choice would be of the type ${name}, which exists already. Choose another name for the field.`);
  return { name, values };
}

function checkNames(fields: readonly NewField[]): void {
  const seen = new Set<string>();
  for (const field of fields) {
    const { name, kind } = field;
    if (reserved.has(name) || name in {})
      throw refuse(`"${name}" means something for every model already. Choose another name for the field.`);
    // A reference also gives the relation: `customerId` and `customer`.
    for (const each of kind === 'reference' ? [name, relationOf(field)] : [name]) {
      if (seen.has(each)) throw refuse(`Two fields are called "${each}". Choose another name for one.`);
      seen.add(each);
    }
  }
}
