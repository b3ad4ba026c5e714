import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import { allows, type Principal } from '../access.ts';
import type { Context, Shortened } from '../context.ts';
import { DomainError } from '../errors.ts';
import { limits } from '../schema/graphql/builder.ts';
import { chargeSearch } from '../schema/sql/search.ts';
import { collected, conditionsOf, type Planning, plannable, type Variant } from './document.ts';
import { nodesRoot, oneRoot, pageRoot, placesOf, type Root, type Value } from './reads.ts';
import type { Asking, Reply } from './related.ts';
import { Race, Standard, standard, Unanswered } from './standard.ts';
import { summaryRoot } from './summary.ts';
import { argumentReader, coercer } from './variables.ts';
import { viewerRoot } from './viewer.ts';
import { type Writing, writeRoot } from './writes.ts';

interface Asked {
  context: Context;
  variables: Record<string, unknown>;
  operationName?: string | null | undefined;
}

/**
 * The JSON text of a valid document's data, as UTF-8 bytes in a latin1 string; what is said beside it goes to the context.
 * Undefined where the document has to be resolved: it asks for more than the planner knows, or is to be refused.
 */
export type Planner = (document: DocumentNode, asked: Asked) => Promise<string | undefined>;

interface PlannerOptions extends Planning {
  /** Told of what should not happen; the document is resolved all the same. */
  onFault(error: unknown): void;
}

type Run = (context: Context, variables: Record<string, unknown>) => Promise<string>;

/** Answers documents without resolvers: each is planned once, as statements and as the text that their rows become. */
export function createPlanner({ onFault, ...planning }: PlannerOptions): Planner {
  const known = new WeakMap<DocumentNode, Map<string, Run | undefined>>();

  function runOf(document: DocumentNode, operationName: string): Run | undefined {
    const runs = known.get(document) ?? new Map<string, Run | undefined>();
    known.set(document, runs);
    if (runs.has(operationName)) return runs.get(operationName);
    const made = attempt(() => planned(planning, document, operationName), onFault);
    runs.set(operationName, made);
    return made;
  }

  return async (document, { context, variables, operationName }) => {
    if (!context.batches || !context.principal) return undefined;
    const run = runOf(document, operationName ?? '');
    if (!run) return undefined;
    try {
      return await run(context, variables);
    } catch (error) {
      if (!isForResolvers(error, onFault)) throw error;
      return undefined;
    }
  };
}

function attempt<T>(make: () => T, onFault: PlannerOptions['onFault']): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!isForResolvers(error, onFault)) throw error;
    return undefined;
  }
}

/** Classes of PostgreSQL's states for what resolvers have words for: bad values, broken constraints, transactions that met. */
const worded = /^(22|23|40|0A|55)/;

/** Whether resolvers are to be asked. Not about a database that does not answer, or took too long: it would be asked again. */
function isForResolvers(error: unknown, onFault: PlannerOptions['onFault']): boolean {
  if (error instanceof Standard || error instanceof Race || error instanceof DomainError || error instanceof GraphQLError) return true;
  if (error instanceof Unanswered) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return worded.test(code);
  onFault(error);
  return true;
}

function planned(planning: Planning, document: DocumentNode, operationName: string): Run {
  const operation = getOperationAST(document, operationName || undefined) ?? standard('operation');
  if (operation.operation === OperationTypeNode.SUBSCRIPTION || isLarge(document)) standard('operation');
  const coerce = coercer(planning.schema, operation);
  const runFor = variants(planning, document, operation);
  return (context, given) => {
    const variables = coerce(given);
    return runFor(variables)(context, variables);
  };
}

/** Whether the schema's limits may be in the way: the deepest fields of all definitions could be below one another. */
function isLarge({ definitions }: DocumentNode): boolean {
  const sizes = definitions.map((definition) => {
    const size = { fields: 0, depth: 0 };
    let depth = 0;
    visit(definition, {
      Field: {
        enter: () => {
          size.fields++;
          size.depth = Math.max(size.depth, ++depth);
        },
        leave: () => {
          depth--;
        },
      },
    });
    return size;
  });
  const sum = (of: 'fields' | 'depth') => sizes.reduce((total, size) => total + size[of], 0);
  return sum('depth') > limits.depth || sum('fields') > limits.breadth;
}

/** Most shapes that one document is planned in. */
const mostVariants = 16;

/** A document by what its directives include. */
function variants(planning: Planning, document: DocumentNode, operation: OperationDefinitionNode) {
  const conditions = conditionsOf(document);
  const made = new Map<string, Run>();
  return (variables: Record<string, unknown>): Run => {
    const holds = Object.fromEntries(conditions.map((name) => [name, variables[name] === true]));
    const key = Object.values(holds).join();
    const known = made.get(key);
    if (known) return known;
    if (made.size === mostVariants || conditions.some((name) => typeof variables[name] !== 'boolean')) return standard('conditions');
    const run = variantOf(planning, document, operation, holds);
    made.set(key, run);
    return run;
  };
}

/** What is asked of the database for a request, and how the rows become its answer. */
interface Prepared extends Pick<Asking, 'statements' | 'searches'> {
  values: readonly { key: string; value: Value }[];
}

function variantOf(planning: Planning, document: DocumentNode, operation: OperationDefinitionNode, holds: Variant['holds']): Run {
  const fragments = new Map(document.definitions.filter(isFragment).map((each) => [each.name.value, each]));
  const variant: Variant = { ...planning, fragments, holds, scopes: new Set() };
  const writes = operation.operation === OperationTypeNode.MUTATION;
  const roots = rootsOf(variant, operation);
  // One that fails stops those after it, and each is a transaction of its own.
  if (writes && roots.length > 1) standard('several writes');
  const admits = admission(variant.scopes);

  const prepare = (context: Context, variables: Record<string, unknown>, writing?: Omit<Writing, keyof Asking>): Prepared => {
    const principal = admits(context);
    const asking: Asking = { principal, context, variables, statements: [], cost: 0, searches: [], ...writing };
    const values = roots.map(({ key, root }) => ({ key, value: root(asking) }));
    if (asking.cost > limits.complexity) standard('cost');
    return { statements: asking.statements, searches: asking.searches, values };
  };
  if (writes) return (context, variables) => write(context, (writing) => prepare(context, variables, writing));

  const isConstant = !operation.variableDefinitions?.length;
  const kept = new WeakMap<Principal, Prepared>();
  return async (context, variables) => {
    const principal = admits(context);
    const prepared = (isConstant ? kept.get(principal) : undefined) ?? prepare(context, variables);
    if (isConstant) kept.set(principal, prepared);
    for (const search of prepared.searches) chargeSearch(context, search);
    return read(context, prepared);
  };
}

const isFragment = (definition: DocumentNode['definitions'][number]): definition is FragmentDefinitionNode =>
  definition.kind === Kind.FRAGMENT_DEFINITION;

function rootsOf(variant: Variant, operation: OperationDefinitionNode): { key: string; root: Root }[] {
  const type = variant.schema.getRootType(operation.operation) ?? standard('root');
  return [...collected(variant, [operation], type)].map(([key, nodes]) => {
    const name = nodes[0]?.name.value ?? '';
    if (name === '__typename') return { key, root: () => ({ text: () => `"${type.name}"`, tell: () => {} }) };
    const field = type.getFields()[name] ?? standard(name);
    const { plan, said } = plannable(variant, field);
    const asked = { key, field, nodes, said, values: argumentReader(field, nodes) };
    switch (plan.is) {
      case 'one':
        return { key, root: oneRoot(variant, asked, plan.resource) };
      case 'page':
        return { key, root: pageRoot(variant, asked, plan.resource) };
      case 'node':
      case 'nodes':
      case 'entities':
        return { key, root: nodesRoot(variant, asked, placesOf[plan.is], plan.is !== 'node') };
      case 'summary':
        return { key, root: summaryRoot(variant, asked, plan.resource) };
      case 'viewer':
        return { key, root: viewerRoot(variant, asked, operation) };
      case 'write':
        return { key, root: writeRoot(variant, asked, plan.resource, plan.write) };
      default:
        return standard(name);
    }
  });
}

/** Whoever may not have all of it hears so from the resolvers, in their words. */
function admission(scopes: ReadonlySet<string>): (context: Pick<Context, 'principal'>) => Principal {
  // A principal lives for seconds; whose rights have changed is another one.
  const admitted = new WeakMap<Principal, boolean>();
  return ({ principal }) => {
    if (!principal) return standard('a stranger');
    const is = admitted.get(principal) ?? [...scopes].every((scope) => allows(principal, scope));
    admitted.set(principal, is);
    return is ? principal : standard('scope');
  };
}

/** How often a document is asked again before it is resolved. */
const attempts = 3;

async function read(context: Context, prepared: Prepared): Promise<string> {
  const send = context.batches?.read ?? standard('no batches');
  for (const { value } of prepared.values) if (value.ready) await value.ready;
  for (let attempt = 1; ; attempt++) {
    try {
      return told(context, prepared, prepared.statements.length ? await send(prepared.statements) : []);
    } catch (error) {
      if (!(error instanceof Race) || attempt === attempts) throw error;
    }
  }
}

async function write(context: Context, prepare: (writing: Omit<Writing, keyof Asking>) => Prepared): Promise<string> {
  const send = context.batches?.write ?? standard('no batches');
  let place: string | undefined;
  const placed = (told: string) => void (place = told);
  const isShared = context.request?.headers.has('x-change-set') ?? false;
  const prepared = prepare({ signer: context, isShared, now: context.now, placed });
  const results = await send(prepared.statements);
  try {
    return told(context, prepared, results);
  } catch (cause) {
    throw place === undefined ? cause : new Unanswered('What was written cannot be told.', { cause });
  } finally {
    if (place !== undefined) context.committed(place);
  }
}

/** The data's text; lists that have more than it has are told of beside it. */
function told({ shortened }: Context, { values }: Prepared, results: Reply['results']): string {
  const reply: Reply = { results, cut: false };
  const texts = values.map(({ key, value }) => `"${key}":${value.text(reply)}`);
  const cuts: Shortened[] = [];
  if (reply.cut) for (const { value } of values) value.tell(reply, (cut) => cuts.push(cut));
  shortened.push(...cuts);
  return `{${texts.join()}}`;
}
