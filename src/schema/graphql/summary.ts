import type { Principal } from '../../access.ts';
import { badInput } from '../../errors.ts';
import type { Field } from '../../fields.ts';
import type { Catalog, Model } from '../model/catalog.ts';
import { globalId } from '../model/ids.ts';
import { operation } from '../model/operation.ts';
import type { Query } from '../model/tree.ts';
import { authorizeFields, sees } from '../model/visible.ts';
import { chargeSearch, searchComplexity } from '../sql/search.ts';
import {
  type Amounts,
  type Group,
  type Grouping,
  type Interval,
  intervals,
  type Measure,
  measures,
  readGroups,
} from '../sql/summary-sql.ts';
import { askedAround } from './asked.ts';
import type { Builder, FieldBuilder, Ref } from './builder.ts';
import { constant, groupArguments, type ListArguments, type ListTypes, parseQuery } from './list.ts';
import { planned } from './plannable.ts';
import type { ValueType } from './records.ts';
import { firstOf } from './shortened.ts';

/** What records can be grouped by: values that repeat. */
export const groupable = (model: Model): string[] => namesOf(model, ['choice', 'boolean', 'reference', 'date', 'dateTime']);

/** What can be added up. */
export const summable = (model: Model): string[] => namesOf(model, ['integer', 'decimal']).filter((name) => name !== 'version');

const namesOf = ({ fields }: Model, kinds: readonly Field['kind'][]): string[] =>
  Object.keys(fields).filter((name) => kinds.includes(fields[name]?.kind ?? 'id'));

const mostKeys = 3;

export interface SummaryArguments extends ListArguments {
  groupBy: readonly string[];
  interval: Interval;
  largestFirst?: string | null | undefined;
}

/** Adds `ordersSummary`, …: how many records match, group by group, and what their numbers come to. */
export function addSummaries(builder: Builder, catalog: Catalog, lists: ListTypes, valueType: ValueType): void {
  const interval = intervalType(builder);
  for (const model of catalog.values()) {
    const many = model.label.many.toLowerCase();
    const name = `${model.many}Summary`;
    const type = groupType(builder, model, valueType);
    const key = builder.enumType(`${model.name}GroupField`, {
      description: `What ${many} can be grouped by.`,
      values: named(groupable(model), model),
    });
    const rank = builder.enumType(`${model.name}GroupRank`, {
      description: 'What groups are ranked by.',
      values: {
        COUNT: { value: 'count', description: 'Number of records.' },
        ...named(summable(model), model),
      },
    });
    builder.queryField(name, (t) =>
      t.field({
        type: [type],
        description: `How many ${many} match, group by group, and what their numbers come to; counted in the database.`,
        args: {
          groupBy: t.arg({
            type: [key] as never, // computed, so Pothos knows no values
            required: true,
            defaultValue: [] as never,
            description: `Fields to group by, at most ${mostKeys}; without any, all records form one group.`,
            extensions: { schema: { maxItems: mostKeys } },
          }),
          interval: t.arg({
            type: interval,
            required: true,
            defaultValue: 'month',
            description: 'Interval for grouping by dates.',
          }),
          largestFirst: t.arg({ type: rank, description: 'Ranks groups, largest first; otherwise they are sorted by their keys.' }),
          ...groupArguments(t, lists, model),
        },
        complexity: ({ limit, ...which }) => ({ field: 1 + searchComplexity(Object(which).search), multiplier: Number(limit) }),
        authScopes: { scope: model.scopes.read },
        extensions: {
          ...operation(model, name, { kind: 'summary', scope: 'read', method: 'GET', path: 'summary', tool: 'summary' }),
          ...planned({ is: 'summary', resource: model.name }),
        },
        resolve: async (_root, args, context, info) => {
          const asked = askedAround(info);
          const isWanted: IsWanted = (measure, field) => asked.has(`${measure}.${field}`);
          const { query, grouping } = parseSummary(context.principal, model, args as unknown as SummaryArguments, isWanted); // of computed types
          chargeSearch(context, query.search);
          return firstOf(context, info, await readGroups(context, model, query, grouping), query.page);
        },
      }),
    );
  }
}

export type IsWanted = (measure: Measure, field: string) => boolean;

/** The arguments of a summary → what to ask the database for; one group more than is told. Refuses what one may not see. */
export function parseSummary(
  principal: Principal | null,
  model: Model,
  { groupBy, interval, largestFirst, ...which }: SummaryArguments,
  isWanted: IsWanted,
): { query: Query; grouping: Grouping } {
  const query = parseQuery(model, which);
  const keys = keysOf(groupBy);
  authorizeFields(principal, model, [...keys, ...(largestFirst ? [largestFirst] : [])]);
  const numbers = summable(model).filter((field) => sees(principal, model.fields[field]));
  const wanted = measures.flatMap((measure) => numbers.flatMap((field) => (isWanted(measure, field) ? [{ measure, field }] : [])));
  const { limit, offset } = query.page;
  return { query, grouping: { keys, interval, wanted, limit: limit + 1, offset, ...rankOf(largestFirst) } };
}

const rankOf = (rank: string | null | undefined): Pick<Grouping, 'largest'> =>
  rank ? { largest: rank === 'count' ? {} : { sum: rank } } : {};

function keysOf(groupBy: readonly string[]): string[] {
  const keys = [...new Set(groupBy)];
  if (keys.length > mostKeys)
    throw badInput([{ path: ['groupBy'], message: `has ${keys.length} fields; at most ${mostKeys} are allowed` }]);
  return keys;
}

const named = (fields: readonly string[], model: Model) =>
  Object.fromEntries(fields.map((name) => [constant(name), { value: name, description: model.fields[name]?.describe ?? name }]));

const intervalType = (builder: Builder) =>
  builder.enumType('Interval', {
    description: 'A length of time.',
    values: Object.fromEntries(
      intervals.map((value) => [constant(value), { value, description: `A ${value}${value === 'week' ? ', from Monday' : ''}; in UTC.` }]),
    ) as Record<string, { value: Interval }>, // computed, so Pothos knows no values
  });

function groupType(builder: Builder, model: Model, valueType: ValueType): Ref<Group> {
  const many = model.label.many.toLowerCase();
  const numbers = summable(model);
  return builder.objectRef<Group>(`${model.name}Group`).implement({
    description: `Some ${many} that share the values grouped by.`,
    fields: (t) => ({
      ...Object.fromEntries(groupable(model).map((name) => [name, keyField(t, model, name, valueType)])),
      count: t.int({ description: 'Number of records.', extensions: planned({ is: 'groupSize' }), resolve: ({ count }) => count }),
      ...(numbers.length && measureFields(t, amountsType(builder, model, numbers))),
    }),
  });
}

function keyField(t: FieldBuilder<Group>, model: Model, name: string, valueType: ValueType) {
  const field = model.fields[name] as Field; // groupable() has it from there
  const { kind, target, describe } = field;
  const isTime = kind === 'date' || kind === 'dateTime';
  return t.field({
    type: isTime ? 'Date' : (valueType(field) as 'String'), // computed, so Pothos cannot infer the resolver's type
    nullable: true,
    description: `${isTime ? 'The first day of the interval. ' : ''}Null unless the records are grouped by it, or have none. ${describe}`,
    extensions: { ...(target && { id: target }), ...planned({ is: 'groupKey', column: name }) },
    resolve: (group) => {
      const value = group[name] ?? null;
      return (target && value !== null ? globalId({ name: target }, value) : value) as string | null;
    },
  });
}

const descriptions = { sum: 'Sums.', avg: 'Averages.', min: 'Smallest values.', max: 'Greatest values.' } as const;

const measureFields = (t: FieldBuilder<Group>, amounts: Ref<Amounts>) =>
  Object.fromEntries(
    measures.map((measure) => [
      measure,
      t.field({
        type: amounts,
        description: descriptions[measure],
        extensions: planned({ is: 'amounts', measure }),
        resolve: (group) => group.amounts[measure],
      }),
    ]),
  );

function amountsType(builder: Builder, model: Model, numbers: readonly string[]): Ref<Amounts> {
  return builder.objectRef<Amounts>(`${model.name}Amounts`).implement({
    description: `What the numbers of some ${model.label.many.toLowerCase()} come to.`,
    fields: (t) =>
      Object.fromEntries(
        numbers.map((name) => [
          name,
          t.field({
            type: (model.fields[name]?.kind === 'decimal' ? 'Decimal' : 'Float') as 'Float', // computed
            nullable: true,
            description: `Null where no record has a value. ${model.fields[name]?.describe}`,
            extensions: planned({ is: 'amount', column: name }),
            resolve: (amounts) => (amounts[name] ?? null) as number | null,
          }),
        ]),
      ),
  });
}
