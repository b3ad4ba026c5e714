import { type GraphQLNamedType, isEnumType } from 'graphql';
import type { Field } from '../fields.ts';
import { standard } from './standard.ts';

// Cells → JSON text. Cells are UTF-8 bytes in latin1 strings and stay so until they are written to the socket.

type Cell = string | null;
export type WriteCell = (cell: Cell) => string;

/** Neither quotes, backslashes nor what comes before the space. */
const special = /[^ !#-[\]-\u00ff]/;

export const text = (cell: string): string => (special.test(cell) ? JSON.stringify(cell) : `"${cell}"`);

const quoted = (cell: string): string => `"${cell}"`;
const plain = (cell: string): string => cell;

/** `2026-01-31 09:30:00.5+00` → `"2026-01-31T09:30:00.500Z"`; sessions are in UTC. */
function moment(cell: string): string {
  const { length } = cell;
  // Years of more or less than four digits are for those who know all about time.
  if (length < 22 || cell.charCodeAt(length - 3) !== plus || cell.charCodeAt(4) !== minus) standard('a moment far away');
  const milliseconds = length === 22 ? '000' : `${cell.slice(20, length - 3)}000`.slice(0, 3);
  return `"${cell.slice(0, 10)}T${cell.slice(11, 19)}.${milliseconds}Z"`;
}

const [plus, minus] = [43, 45];

const list = (cell: string): string => (cell === '[]' ? cell : JSON.stringify(JSON.parse(cell)));
const boolean = (cell: string): string => (cell === 't' ? 'true' : 'false');

/** How values of a field are written; undefined where a field's type has its own ideas. */
export function cellWriter(field: Field, type: GraphQLNamedType, isGlobal: boolean): WriteCell {
  const write = valueWriter(field, type, isGlobal);
  const absent = field.nullable ? () => 'null' : () => standard('nothing where something must be');
  return (cell) => (cell === null ? absent() : write(cell));
}

function valueWriter({ kind, target }: Field, type: GraphQLNamedType, isGlobal: boolean): (cell: string) => string {
  switch (kind) {
    case 'text':
      return text;
    case 'decimal':
    case 'date':
      return quoted;
    case 'dateTime':
      return moment;
    case 'textList':
      return list;
    case 'boolean':
      return boolean;
    case 'choice':
      return choice(type);
    case 'reference':
      return isGlobal ? (cell) => `"${target}:${cell}"` : plain;
    case 'integer':
    case 'id':
      return plain;
  }
}

/** By the names that the enum has for its values. */
function choice(type: GraphQLNamedType): (cell: string) => string {
  if (!isEnumType(type)) return standard('a choice that is no enum');
  const names = new Map(type.getValues().map(({ name, value }) => [value as unknown, `"${name}"`]));
  return (cell) => names.get(cell) ?? standard('a value that the enum has not');
}

/** A cursor, which is text of its own. */
export const cursorText = (position: readonly unknown[]): string =>
  `"${Buffer.from(JSON.stringify(position), 'latin1').toString('base64url')}"`;
