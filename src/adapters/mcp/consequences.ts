import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
  parse,
} from 'graphql';
import type { Execute } from '../executor.ts';
import { isRecord } from '../rest/check.ts';
import { resourceOf } from '../rest/operation.ts';
import type { Structured } from './answer.ts';
import type { Rehearsal } from './execute.ts';
import { snake, words } from './names.ts';
import type { ToolOperation } from './operation.ts';
import { keyTo } from './related.ts';

const mostNamed = 5;
const longestName = 60;

/** Counts the records whose `argument` is one of some ids, and adds up their numbers. */
interface Count {
  many: string;
  document: DocumentNode;
}

/** Says what a deletion would take away, so that a person can agree to it: what by name, how many, of what worth, and what hangs on it. */
export function consequences(schema: GraphQLSchema, execute: Execute) {
  const counts = new Map<string, { own: Count | undefined; related: (Count & { resource: string })[] }>();

  return async ({ resource, title }: ToolOperation, { variables }: { variables: Record<string, unknown> }, rehearsal: Rehearsal) => {
    const record = schema.getType(resource);
    if (!isObjectType(record)) return `${title}?`;
    const ids = Array.isArray(variables['ids']) ? variables['ids'] : [variables['id']];
    const { own, related } = countsOf(record);
    const [total, ...others] = await Promise.all([own, ...related].map((each) => each && counted(each, ids, rehearsal)));
    const { changes } = rehearsal;
    const gone = changes.filter(({ resource: kind, op }) => kind === resource && (op === 'deleted' || op === 'destroyed'));
    if (!gone.length) return `${title}: this would delete nothing. Go on?`;
    const worth = total?.sums ? ` (${total.sums})` : '';
    const named = `${namesIn(rehearsal.result, record)}`;
    const which =
      gone.length === 1
        ? `${words(resource)} ${gone[0]?.['id']}${named && ` ${named}`}${worth}`
        : `${gone.length} ${words(resourceOf(record)?.plural ?? resource)}${worth}${named && `: ${named}`}`;
    const taken = related
      .map(({ resource: kind, many }, at) => ({
        told: `${others[at]?.count} ${words(others[at]?.count === 1 ? kind : many)}${others[at]?.sums ? ` (${others[at]?.sums})` : ''}`,
        count: others[at]?.count ?? 0,
        goes: changes.some(({ resource: each, op }) => each === kind && op !== 'updated'),
      }))
      .filter(({ count }) => count > 0);
    return [
      gone[0]?.['op'] === 'deleted' ? `Move ${which} to the trash?` : `Delete ${which}?`,
      ...(gone[0]?.['op'] === 'deleted' ? [] : ['There is no trash for this: only undo brings it back.']),
      ...hanging(
        'Also deleted with this:',
        taken.filter(({ goes }) => goes),
      ),
      ...hanging(
        'Left without it, and kept:',
        taken.filter(({ goes }) => !goes),
      ),
      ...sideEffects(changes, resource),
    ].join(' ');
  };

  function countsOf(record: GraphQLObjectType) {
    const known = counts.get(record.name);
    if (known) return known;
    const lists = Object.values(record.getFields()).filter(
      ({ type, extensions }) => extensions['relation'] && isListType(getNullableType(type)),
    );
    const related = lists.flatMap(({ name, type }) => {
      const target = getNamedType(type);
      const key = isObjectType(target) && keyTo(target, record.name);
      const count = key && countBy(target.name, `${key}_in`, name);
      return count ? [{ ...count, resource: target.name }] : [];
    });
    const made = { own: countBy(record.name, 'id_in', record.name), related };
    counts.set(record.name, made);
    return made;
  }

  function countBy(resource: string, argument: string, many: string): Count | undefined {
    const field = summaryOf(resource);
    const type = field?.args.find(({ name }) => name === argument)?.type;
    const group = field && getNamedType(field.type);
    if (!type || !isObjectType(group)) return undefined;
    const sums = getNamedType(group.getFields()['sum']?.type);
    const wanted = isObjectType(sums) ? `sum { ${Object.keys(sums.getFields()).join(' ')} }` : '';
    return {
      many,
      document: parse(`query ($ids: ${type}) { ${field.name}(${argument}: $ids) { count ${wanted} } }`, { noLocation: true }),
    };
  }

  function summaryOf(resource: string): GraphQLField<unknown, unknown> | undefined {
    return Object.values(schema.getQueryType()?.getFields() ?? {}).find(({ extensions }) => {
      const operation = extensions['operation'] as { kind?: string; resource?: string } | undefined; // the view is our own
      return operation?.kind === 'summary' && operation.resource === resource;
    });
  }

  /** Nothing where whoever asks may not look. */
  async function counted({ document }: Count, ids: readonly unknown[], { context }: Rehearsal) {
    const { data } = await execute(document, { contextValue: context, variableValues: { ids } });
    const [group] = Object.values(data ?? {}).flat() as { count: number; sum?: Record<string, unknown> }[]; // as the document says
    if (!group) return undefined;
    const sums = Object.entries(group.sum ?? {}).filter(([, sum]) => sum !== null && Number(sum) !== 0);
    return { count: group.count, sums: sums.map(([name, sum]) => `${words(name)} ${sum}`).join(', ') };
  }
}

const hanging = (begins: string, taken: readonly { told: string }[]): string[] =>
  taken.length ? [`${begins} ${taken.map(({ told }) => told).join(', ')}.`] : [];

/** What else a deletion changes, with the values of the first few. */
function sideEffects(changes: readonly Structured[], resource: string): string[] {
  const updated = changes.filter((change) => change['op'] === 'updated' && change['resource'] !== resource);
  const told = updated.slice(0, 3).map(({ resource: kind, id, fields }) => {
    const each = (Array.isArray(fields) ? fields : []) as { field: string; before: unknown; after: unknown }[]; // made by the dry run
    const changed = each.map(({ field, before, after }) => `${words(field)} from ${shown(before)} to ${shown(after)}`);
    return `${words(String(kind))} ${id}: ${changed.join(', ')}`;
  });
  const more = updated.length > told.length ? ` and ${updated.length - told.length} more records` : '';
  return told.length ? [`Also changed: ${told.join('; ')}${more}.`] : [];
}

const shown = (value: unknown): string => {
  if (value === null || value === undefined) return 'nothing';
  return /^[\w.,:-]{1,40}$/.test(String(value)) ? String(value) : quoted(typeof value === 'string' ? value : JSON.stringify(value));
};

/** The names of the records, in quotes and short, since somebody else wrote them. */
function namesIn(result: Structured, record: GraphQLObjectType): string {
  const title = snake(resourceOf(record)?.title ?? '');
  const results = Array.isArray(result['results']) ? result['results'].map((outcome) => isRecord(outcome) && outcome['record']) : [result];
  const names = results.filter(isRecord).flatMap((each) => (typeof each[title] === 'string' && each[title] ? [quoted(each[title])] : []));
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : '';
  return names.slice(0, mostNamed).join(', ') + more;
}

/** A text of somebody else's on one line, in quotes that it cannot close. */
export function quoted(text: string): string {
  const line = text
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .replace(/["“”„«»]/g, "'")
    .trim();
  const points = [...line];
  return `“${points.length > longestName ? `${points.slice(0, longestName).join('')}…` : line}”`;
}
