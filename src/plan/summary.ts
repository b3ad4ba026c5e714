import { type GraphQLObjectType, getNamedType } from 'graphql';
import type { Field as FieldDefinition } from '../fields.ts';
import { offsetHint } from '../schema/graphql/shortened.ts';
import { parseSummary, type SummaryArguments } from '../schema/graphql/summary.ts';
import type { Model } from '../schema/model/catalog.ts';
import { searchComplexity } from '../schema/sql/search.ts';
import { type Grouping, groupsSql, type Measure } from '../schema/sql/summary-sql.ts';
import { fieldsBelow, type Nodes, plannable, type Variant } from './document.ts';
import { argumentsOf, type Field, modelOf, type Root } from './reads.ts';
import { add, type Reply } from './related.ts';
import { standard } from './standard.ts';
import { cellWriter } from './text.ts';

/** A group among the cells of a reply: the keys, the size, and what is wanted, in that order. */
interface GroupAt {
  cells: readonly (string | null)[];
  at: number;
  grouping: Grouping;
}

type Part = (group: GroupAt) => string;
/** What is asked of the groups: `sum.total`. */
type Wanted = Set<string>;

/** Groups of a resource's records. */
export function summaryRoot(variant: Variant, asked: Field, resource: string): Root {
  const model = modelOf(variant, resource);
  const wanted: Wanted = new Set();
  const write = groupText(variant, model, asked.nodes, getNamedType(asked.field.type) as GraphQLObjectType, wanted); // of every summary

  return (asking) => {
    const given = argumentsOf(asked, asking.variables) as unknown as SummaryArguments; // as the schema has coerced them
    const { query, grouping } = parseSummary(asking.principal, model, given, (measure, field) => wanted.has(`${measure}.${field}`));
    const { limit, offset } = query.page;
    asking.cost += 1 + searchComplexity(query.search) + limit * (1 + wanted.size);
    if (query.search) asking.searches.push(query.search);
    const at = add(asking, (made) => groupsSql(made, model, query, grouping));
    const isCut = ({ results }: Reply) => {
      const { cells, width } = results[at] ?? standard('no rows');
      return cells.length / width > limit;
    };
    return {
      text: (reply) => {
        const { cells, width } = reply.results[at] ?? standard('no rows');
        if (isCut(reply)) reply.cut = true;
        const count = Math.min(cells.length / (width || 1), limit);
        return `[${Array.from({ length: count }, (_, index) => write({ cells, at: index * width, grouping })).join()}]`;
      },
      tell: (reply, tell) => {
        if (isCut(reply)) tell({ path: [asked.key], limit, hint: offsetHint(offset + limit) });
      },
    };
  };
}

function groupText(variant: Variant, model: Model, nodes: Nodes, type: GraphQLObjectType, wanted: Wanted): Part {
  const parts: Part[] = [];
  for (const [key, same, { field }] of fieldsBelow(variant, nodes, type)) {
    const part = field ? groupPart(variant, model, field, same, wanted) : () => `"${type.name}"`;
    parts.push((group) => `"${key}":${part(group)}`);
  }
  return (group) => `{${parts.map((part) => part(group)).join()}}`;
}

function groupPart(variant: Variant, model: Model, field: Field['field'], nodes: Nodes, wanted: Wanted): Part {
  const { plan } = plannable(variant, field);
  const type = getNamedType(field.type);
  switch (plan.is) {
    case 'groupSize':
      return ({ cells, at, grouping }) => cells[at + grouping.keys.length] ?? standard('no size');
    case 'groupKey': {
      const write = cellWriter(asKey(model.fields[plan.column] ?? standard(plan.column)), type, variant.isGlobal);
      return ({ cells, at, grouping }) => {
        const index = grouping.keys.indexOf(plan.column);
        return index < 0 ? 'null' : write(cells[at + index] ?? null);
      };
    }
    case 'amounts':
      return amountsText(variant, model, plan.measure, nodes, type as GraphQLObjectType, wanted);
    default:
      return standard(field.name);
  }
}

/** A moment is grouped by its day; any record may have no value. */
const asKey = (field: FieldDefinition): FieldDefinition => ({
  ...field,
  nullable: true,
  ...(field.kind === 'dateTime' && { kind: 'date' }),
});

function amountsText(variant: Variant, model: Model, measure: Measure, nodes: Nodes, type: GraphQLObjectType, wanted: Wanted): Part {
  const parts: Part[] = [];
  for (const [key, , { field }] of fieldsBelow(variant, nodes, type)) {
    const part = field ? amountText(variant, model, measure, field, wanted) : () => `"${type.name}"`;
    parts.push((group) => `"${key}":${part(group)}`);
  }
  return (group) => `{${parts.map((part) => part(group)).join()}}`;
}

function amountText(variant: Variant, model: Model, measure: Measure, field: Field['field'], wanted: Wanted): Part {
  const { plan } = plannable(variant, field);
  if (plan.is !== 'amount') return standard(field.name);
  const { column } = plan;
  wanted.add(`${measure}.${column}`);
  const isText = model.fields[column]?.kind === 'decimal';
  return ({ cells, at, grouping: { keys, wanted: read } }) => {
    const index = read.findIndex((each) => each.measure === measure && each.field === column);
    const cell = index < 0 ? null : cells[at + keys.length + 1 + index];
    // PostgreSQL writes other exponents than JavaScript does.
    return cell == null ? 'null' : isText ? `"${cell}"` : JSON.stringify(Number(cell));
  };
}
