import { type GraphQLArgument, getNamedType } from 'graphql';
import type { InputIssue } from '../../errors.ts';
import { isRecord } from '../rest/check.ts';
import { didYouMean } from '../rest/did-you-mean.ts';
import type { Call, Own } from './call.ts';
import { snake } from './names.ts';
import { fromJson, toView } from './values.ts';

export const isComparison = ({ extensions }: GraphQLArgument): string | undefined =>
  typeof extensions['filter'] === 'string' ? extensions['filter'] : undefined;

/** Values that show how a condition is written, for comparisons that need showing. */
const shown: readonly (readonly [operator: string, type: string, value: string])[] = [
  ['ilike', 'String', '%acme%'],
  ['between', 'Decimal', '10,20'],
  ['isNull', 'Boolean', 'true'],
];

/** How conditions are written, with examples that this list takes. */
function described(args: readonly GraphQLArgument[], brief: boolean): string {
  const operators = [...new Set(args.map((arg) => snake(isComparison(arg) ?? '')))].filter((operator) => operator !== 'eq');
  const examples = shown.flatMap(([operator, type, value]) => {
    const arg = args.find((each) => isComparison(each) === operator && getNamedType(each.type).name === type);
    return arg ? [`\`${snake(arg.name)}=${value}\``] : [];
  });
  if (brief) return `More conditions, written as in the list: ${examples.at(-1)}.`;
  return `More conditions, each a field, _ and an operator unless it is equality, = and a value: ${examples.join(', ')}. Operators: ${operators.join(', ')}.`;
}

/** Conditions in the form `field_operator=value`, for the many that have no argument of their own in the listing. */
export function filters(args: readonly GraphQLArgument[], kind: string): Own {
  const compared = args.filter(isComparison);
  const comparisons = new Map(compared.map((arg) => [snake(arg.name), arg]));
  return {
    schema: {
      type: 'array',
      items: { type: 'string' },
      description: described(compared, kind === 'summary'),
    },
    read(written, call, issues) {
      const value = fromJson(written);
      const conditions = Array.isArray(value) ? value : [value];
      for (const [index, condition] of conditions.entries()) readCondition(condition, index, call, issues);
    },
  };

  function readCondition(condition: unknown, index: number, { variables, taken }: Call, issues: InputIssue[]): void {
    const report = (message: string) => void issues.push({ path: ['filters', index], message });
    const [written = '', ...rest] = isRecord(condition) ? [] : String(condition).split('=');
    const name = snake(written.trim());
    const arg = comparisons.get(name);
    if (!name) report('must be a text: a field, an operator, = and a value');
    else if (!arg) report(`"${name.slice(0, 60)}" ${unknownFilter(name, [...comparisons.values()])}`);
    else if (!rest.length) report(`"${name}" has no value; write \`${name}=value\``);
    // The view takes each comparison once, and the last would quietly win.
    else if (taken.has(arg.name)) report(`${name} is given twice; give it once, and narrow down with other conditions`);
    else {
      taken.add(arg.name);
      variables[arg.name] = toView(arg.type, rest.join('=').trim(), arg.extensions);
    }
  }
}

/** What is wrong with the name of a condition: its field, or what it asks of the field. */
function unknownFilter(name: string, comparisons: readonly GraphQLArgument[]): string {
  const fields = new Map<string, string[]>();
  for (const arg of comparisons) {
    const operator = snake(isComparison(arg) ?? '');
    const field = operator === 'eq' ? snake(arg.name) : snake(arg.name).slice(0, -operator.length - 1);
    fields.set(field, [...(fields.get(field) ?? []), operator]);
  }
  const field = [...fields.keys()].filter((each) => name === each || name.startsWith(`${each}_`)).sort((a, b) => b.length - a.length)[0];
  if (field) return `is not a known filter. ${field} takes ${namesOf(field, fields.get(field) ?? []).join(', ')}.`;
  const operators = [...new Set([...fields.values()].flat())].sort((a, b) => b.length - a.length);
  const operator = operators.find((each) => name.endsWith(`_${each}`));
  const stem = operator ? name.slice(0, -operator.length - 1) : name;
  const near = /"(\w+)"/.exec(didYouMean(stem, fields.keys()))?.[1];
  if (near)
    return `is not a known filter. Did you mean "${near}${operator && fields.get(near)?.includes(operator) ? `_${operator}` : ''}"?`;
  return `is not a known filter. Fields are ${[...fields.keys()].join(', ')}.`;
}

const namesOf = (field: string, operators: readonly string[]): string[] =>
  operators.map((operator) => (operator === 'eq' ? field : `${field}_${operator}`));
