import { type GraphQLField, type GraphQLObjectType, getNamedType, isNonNullType, isObjectType, print } from 'graphql';
import type { RelationForm } from '../schema/graphql/asked.ts';
import type { Model } from '../schema/model/catalog.ts';
import { column } from '../schema/sql/sql.ts';
import { fieldsBelow, type Nodes, plannable, type Variant } from './document.ts';
import { pageText } from './page-text.ts';
import type { Families, Family, Kid, Level, PageText, Reads, RecordText, WriteRecord } from './shape.ts';
import { Race, standard } from './standard.ts';
import { cellWriter } from './text.ts';
import { argumentReader } from './variables.ts';

export const newLevel = (model: Model): Level => ({ model, columns: ['id'], kids: [], fields: 0, hasOnce: false });

/** What is read of a level, in the order of its columns. Everything comes as text. */
export const columnsSql = ({ model, columns }: Level): string =>
  columns
    // Some lists are arrays, where other programs have made the table.
    .map((name) => (model.fields[name]?.kind === 'textList' ? `to_jsonb(${column('t', name)})` : column('t', name)))
    .join(', ');

/** Adds to a level what is selected below these fields; `place`: where the records are. */
export const recordText: RecordText = (variant, level, nodes, place) => {
  const type = variant.schema.getType(level.model.name);
  if (!isObjectType(type)) return standard(level.model.name);
  const parts: WriteRecord[] = [];
  for (const [key, same, { field }] of fieldsBelow(variant, nodes, type)) {
    level.fields++;
    parts.push(field ? fieldText(variant, level, key, field, same, place) : constant(`"${key}":"${type.name}"`));
  }
  return joined(parts);
};

const constant =
  (text: string): WriteRecord =>
  () =>
    text;

/** Faster for the usual numbers of fields than a loop over them. */
function joined(parts: readonly WriteRecord[]): WriteRecord {
  const body = parts.map((_, index) => `p${index}(cells, at, kids)`).join(" + ',' + ") || "''";
  // Of numbers alone: nothing that anybody has written is in this text.
  const make = new Function(...parts.map((_, index) => `p${index}`), `return (cells, at, kids) => '{' + ${body} + '}'`);
  return make(...parts) as WriteRecord;
}

function fieldText(
  variant: Variant,
  level: Level,
  key: string,
  field: GraphQLField<unknown, unknown>,
  nodes: Nodes,
  place: Kid['place'],
): WriteRecord {
  const { plan, said } = plannable(variant, field);
  const named = `"${key}":`;
  switch (plan.is) {
    case 'id':
      return variant.isGlobal
        ? (
            (prefix) => (cells, at) =>
              `${prefix}${cells[at]}"`
          )(`${named}"${level.model.name}:`)
        : (cells, at) => named + cells[at];
    case 'column':
      return columnText(variant, level, named, field, plan.column);
    case 'once':
      level.hasOnce = true;
      return constant(`${named}null`);
    case 'relation':
      return relationText(variant, level, { key, field, nodes, place, relation: said.relation ?? standard(key) });
    default:
      return standard(key);
  }
}

function columnText(variant: Variant, level: Level, named: string, field: GraphQLField<unknown, unknown>, name: string): WriteRecord {
  const definition = level.model.fields[name] ?? standard(name);
  if (definition.scope !== undefined) variant.scopes.add(definition.scope);
  const write = cellWriter(definition, getNamedType(field.type), variant.isGlobal);
  const index = columnAt(level, name);
  return (cells, at) => named + write(cells[at + index] ?? null);
}

function columnAt({ columns }: Level, name: string): number {
  const found = columns.indexOf(name);
  return found >= 0 ? found : columns.push(name) - 1;
}

interface Followed extends Pick<Kid, 'field' | 'nodes' | 'place'> {
  key: string;
  relation: { name: string; form: RelationForm };
}

function relationText(variant: Variant, level: Level, { key, field, nodes, place, relation: { name, form } }: Followed): WriteRecord {
  const relation = level.model.relations[name] ?? standard(name);
  const reference = relation.many ? undefined : level.model.fields[relation.key];
  if (reference?.scope !== undefined) variant.scopes.add(reference.scope);
  const twin = level.kids.find((kid) => kid.field === field && asksAlike(kid.nodes, nodes));
  const below = twin?.level ?? newLevel(relation.target);
  const reads = twin?.reads ?? newReads();
  const keyAt = relation.many ? 0 : columnAt(level, relation.key);
  const from = below.kids.length;
  const page =
    form === 'connection'
      ? pageText({ variant, level: below, reads, records: recordText }, nodes, getNamedType(field.type) as GraphQLObjectType) // of every connection
      : listText(variant, below, reads, nodes, form);
  const where: Kid['place'] = (index) => [...place(index), key];
  const own = { from, to: below.kids.length };
  const kid: Kid = {
    relation,
    form,
    field,
    nodes,
    values: argumentReader(field, nodes),
    level: below,
    keyAt,
    page,
    reads,
    place: where,
    own,
    ...(twin && { twin: twin.twin ?? twin }),
  };
  const index = level.kids.push(kid) - 1;
  return familyText(`"${key}":`, form, index, keyAt, isNonNullType(field.type));
}

export const newReads = (): Reads => ({ rows: false, positions: false, total: false });

const argumentsText = ([node]: Nodes): string => (node?.arguments ?? []).map(print).toSorted().join();
const asksAlike = (one: Nodes, other: Nodes): boolean => argumentsText(one) === argumentsText(other);

function familyText(named: string, form: RelationForm, index: number, keyAt: number, isRequired: boolean): WriteRecord {
  if (form === 'connection') return (cells, at, kids) => named + found(kids, index, cells[at]).text;
  if (form === 'list') return (cells, at, kids) => `${named}[${found(kids, index, cells[at]).text}]`;
  const absent = isRequired ? () => standard('nothing where something must be') : () => `${named}null`;
  return (cells, at, kids) => {
    const id = cells[at + keyAt];
    if (id === null) return absent();
    const { text } = found(kids, index, id);
    return text === '' ? absent() : named + text;
  };
}

/** Records one after another, of a relation that is no connection. */
function listText(variant: Variant, level: Level, reads: Reads, nodes: Nodes, form: RelationForm): PageText {
  reads.rows = true;
  const write = recordText(variant, level, nodes, (index) => (form === 'list' ? [index] : []));
  return {
    hasEnds: false,
    write: ({ cells, width, from, count, kids }) => {
      let text = '';
      for (let index = 0; index < count; index++) text += (index ? ',' : '') + write(cells, from + index * width, kids);
      return text;
    },
  };
}

/** Statements of one batch do not share a snapshot: a record that came between them seems to have nothing, not even an empty list. */
function found(kids: readonly Families[], index: number, id: string | null | undefined): Family {
  const family = kids[index]?.get(id ?? '');
  if (!family) throw new Race();
  return family;
}
