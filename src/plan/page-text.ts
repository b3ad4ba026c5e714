import { type GraphQLObjectType, getNamedType } from 'graphql';
import { fieldsBelow, type Nodes, type Variant } from './document.ts';
import type { Level, PageText, Place, Range, Reads, RecordText, WriteRecord } from './shape.ts';
import { standard } from './standard.ts';
import { cursorText } from './text.ts';

type Part = (range: Range) => string;

/** Backwards, the first record of the page is the last row. */
export const rowAt = ({ query, from, count, width }: Range, index: number): number =>
  from + (query.page.fromEnd ? count - 1 - index : index) * width;

function cursorAt(range: Range, index: number): string {
  const at = rowAt(range, index);
  return cursorText([range.order, ...range.cells.slice(at + range.positionAt, at + range.size)]);
}

/** What a page is made of where it is written. */
interface Setting {
  variant: Variant;
  level: Level;
  reads: Reads;
  records: RecordText;
}

/** How a connection (of the schema) or a page (of the view) is written; adds what that takes to `level` and `reads`. */
export function pageText(setting: Setting, nodes: Nodes, type: GraphQLObjectType): PageText {
  const parts: Part[] = [];
  let hasEnds = false;
  for (const [key, same, { name, field }] of fieldsBelow(setting.variant, nodes, type)) {
    const named = `"${key}":`;
    if (!field) {
      parts.push(() => `${named}"${type.name}"`);
      continue;
    }
    hasEnds ||= name === 'pageInfo';
    const below = getNamedType(field.type) as GraphQLObjectType; // or a number, whose type nobody looks at
    const part = pagePart(setting, { key, name, nodes: same, type: below });
    parts.push((range) => named + part(range));
  }
  return { write: (range) => `{${parts.map((part) => part(range)).join()}}`, hasEnds };
}

interface Asked {
  key: string;
  name: string;
  nodes: Nodes;
  type: GraphQLObjectType;
}

function pagePart(setting: Setting, asked: Asked): Part {
  const { variant, level, reads, records } = setting;
  const { key, name, nodes } = asked;
  switch (name) {
    case 'nodes':
    case 'items':
      reads.rows = true;
      return rowsText(records(variant, level, nodes, (index) => [key, index]));
    case 'edges':
      reads.rows = true;
      return edgesText(setting, asked);
    case 'pageInfo':
      reads.rows = true;
      return endsText(setting, asked);
    case 'totalCount':
    case 'total':
      reads.total = true;
      return ({ total }) => total ?? standard('no total');
    case 'pages':
      reads.total = true;
      return ({
        total,
        query: {
          page: { limit },
        },
      }) => String(limit ? Math.ceil(Number(total) / limit) : 0);
    case 'page':
      return ({
        query: {
          page: { after, before, fromEnd, offset, limit },
        },
      }) => (after || before || fromEnd ? 'null' : String(offset / (limit || 1) + 1));
    case 'pageSize':
      return ({ query }) => String(query.page.limit);
    default:
      return standard(name);
  }
}

function rowsText(write: WriteRecord): Part {
  return (range) => {
    let text = '[';
    for (let index = 0; index < range.count; index++) text += (index ? ',' : '') + write(range.cells, rowAt(range, index), range.kids);
    return `${text}]`;
  };
}

type EdgePart = (range: Range, index: number) => string;

function edgesText({ variant, level, reads, records }: Setting, { key: edges, nodes, type }: Asked): Part {
  const place: Place = (index) => [edges, index];
  const parts: EdgePart[] = [];
  for (const [key, same, { name, field }] of fieldsBelow(variant, nodes, type)) {
    const named = `"${key}":`;
    if (!field) parts.push(() => `${named}"${type.name}"`);
    else if (name === 'cursor') {
      reads.positions = true;
      parts.push((range, index) => named + cursorAt(range, index));
    } else if (name === 'node') {
      const write = records(variant, level, same, (index) => [...place(index), key]);
      parts.push((range, index) => named + write(range.cells, rowAt(range, index), range.kids));
    } else standard(name);
  }
  const edge = (range: Range, index: number) => `{${parts.map((part) => part(range, index)).join()}}`;
  return (range) => `[${Array.from({ length: range.count }, (_, index) => edge(range, index)).join()}]`;
}

function endsText({ variant, reads }: Setting, { nodes, type }: Asked): Part {
  const parts: Part[] = [];
  for (const [key, , { name, field }] of fieldsBelow(variant, nodes, type)) {
    const named = `"${key}":`;
    const part = field ? endPart(reads, name) : () => `"${type.name}"`;
    parts.push((range) => named + part(range));
  }
  return (range) => `{${parts.map((part) => part(range)).join()}}`;
}

function endPart(reads: Reads, name: string): Part {
  switch (name) {
    case 'hasNextPage':
      return ({
        query: {
          page: { fromEnd, before },
        },
        more,
      }) => String(fromEnd ? before !== undefined : more);
    case 'hasPreviousPage':
      return ({
        query: {
          page: { fromEnd, after, offset },
        },
        more,
      }) => String(fromEnd ? more : after !== undefined || offset > 0);
    case 'startCursor':
      reads.positions = true;
      return (range) => (range.count ? cursorAt(range, 0) : 'null');
    case 'endCursor':
      reads.positions = true;
      return (range) => (range.count ? cursorAt(range, range.count - 1) : 'null');
    default:
      return standard(name);
  }
}
