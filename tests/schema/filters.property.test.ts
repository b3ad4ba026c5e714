import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../harness.ts';
import { times } from '../nightly.ts';
import { type Data, data, definitions, store } from './reads/data.ts';
import { comparisons, orders, type Question, questions, wheres } from './reads/questions.ts';
import { type Asked, answer, childrenOf, type SortKey } from './reads/reference.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

// Fixed, so that a failure today is a failure tomorrow; fast-check prints it with the smallest example it found.
const seed = 20_261_101;

interface Connection {
  totalCount: number;
  nodes: { databaseId: number }[];
  edges: { cursor: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

const constant = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
const sortKeys = (orderBy: SortKey[]) => orderBy.map(({ field, ...rest }) => ({ field: constant(field), ...rest }));

async function ask({ model, where, orderBy, trash }: Question, paging: Record<string, unknown>): Promise<Connection> {
  const { many } = definitions[model];
  const document = `query ($where: ${model}Where, $orderBy: [${model}OrderBy!], $first: Int, $after: String, $last: Int, $before: String, $page: Int, $pageSize: Int${trash ? ', $trash: Trash' : ''}) {
    ${many}(where: $where, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before, page: $page, pageSize: $pageSize${trash ? ', trash: $trash' : ''}) {
      totalCount nodes { databaseId } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;
  const { data: found, message } = await app.graphql(document, { where, orderBy: sortKeys(orderBy), trash, ...paging });
  expect(message).toBeUndefined();
  return (found as Record<string, Connection>)[many] as Connection;
}

const idsOf = ({ nodes }: Connection): number[] => nodes.map(({ databaseId }) => databaseId);

/** Follows cursors to the end, in pages, and reports every record on the way. */
async function walk(question: Question, forward: boolean): Promise<number[]> {
  const seen: number[][] = [];
  let cursor: string | null = null;
  for (let more = true; more; ) {
    const page: Connection = await ask(
      question,
      forward ? { first: question.size, after: cursor } : { last: question.size, before: cursor },
    );
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = page.pageInfo;
    expect([startCursor, endCursor]).toEqual([page.edges.at(0)?.cursor ?? null, page.edges.at(-1)?.cursor ?? null]);
    expect(forward ? hasPreviousPage : hasNextPage).toBe(cursor !== null);
    seen.push(idsOf(page));
    more = forward ? hasNextPage : hasPreviousPage;
    cursor = forward ? endCursor : startCursor;
    if (seen.length > 50) throw new Error('The walk does not end');
  }
  return (forward ? seen : seen.reverse()).flat();
}

async function turnPages(question: Question): Promise<number[]> {
  const seen: number[][] = [];
  for (let page = 1, more = true; more; page++) {
    const found = await ask(question, { page, pageSize: question.size });
    seen.push(idsOf(found));
    more = found.pageInfo.hasNextPage;
  }
  return seen.flat();
}

test('lists hold what the reference says, in its order, whichever way they are read', { timeout: 120_000 }, async () => {
  const property = fc.asyncProperty(data, fc.array(questions, { minLength: 5, maxLength: 5 }), async (drawn, asked) => {
    await store(app, drawn);
    for (const question of asked) {
      const expected = answer(drawn, question.model, question).map(({ id }) => id);
      const whole = await ask(question, { first: 100 });
      expect({ ids: idsOf(whole), total: whole.totalCount }).toEqual({ ids: expected, total: expected.length });
      expect(await walk(question, true)).toEqual(expected);
      expect(await walk(question, false)).toEqual(expected);
      expect(await turnPages(question)).toEqual(expected);
    }
  });
  await fc.assert(property, { seed, numRuns: times(20, 60) });
});

test('a range between two cursors holds exactly what lies between', { timeout: 60_000 }, async () => {
  const place = fc.nat(20);
  await fc.assert(
    fc.asyncProperty(data, questions, place, place, async (drawn, question, from, to) => {
      await store(app, drawn);
      const all = await ask(question, { first: 100 });
      const [after, before] = [all.edges[from]?.cursor ?? null, all.edges[to]?.cursor ?? null];
      const between = idsOf(all).slice(after ? from + 1 : 0, before ? Math.max(to, 0) : undefined);
      expect(idsOf(await ask(question, { first: question.size, after, before }))).toEqual(between.slice(0, question.size));
      expect(idsOf(await ask(question, { last: question.size, after, before }))).toEqual(between.slice(-question.size));
    }),
    { seed, numRuns: times(15, 40) },
  );
});

test('the lists of relations hold what the reference says, for every record at once', { timeout: 60_000 }, async () => {
  const childQuestion = fc.record({ where: wheres('Order', 2), orderBy: orders('Order'), limit: fc.integer({ min: 0, max: 5 }) });
  const document = `query ($where: OrderWhere, $orderBy: [OrderOrderBy!], $limit: Int!) {
    customers(trash: INCLUDE, first: 100) {
      nodes {
        databaseId
        orders(where: $where, orderBy: $orderBy, limit: $limit) { databaseId customer { databaseId } }
        ordersConnection(where: $where, orderBy: $orderBy, last: $limit) { totalCount nodes { databaseId } pageInfo { hasPreviousPage } }
      }
    }
  }`;
  await fc.assert(
    fc.asyncProperty(data, childQuestion, async (drawn, { where, orderBy, limit }) => {
      await store(app, drawn);
      const { data: found, message } = await app.graphql(document, { where, orderBy: sortKeys(orderBy), limit });
      expect(message).toBeUndefined();
      expect((found as { customers: { nodes: unknown[] } }).customers.nodes).toEqual(
        drawn.Customer.map((row) => {
          const children = answer(childrenOf(drawn, 'Order', row), 'Order', { where, orderBy }).map(({ id }) => id);
          return {
            databaseId: row.id,
            orders: children.slice(0, limit).map((databaseId) => ({ databaseId, customer: { databaseId: row.id } })),
            ordersConnection: {
              totalCount: children.length,
              nodes: children.slice(Math.max(0, children.length - limit)).map((databaseId) => ({ databaseId })),
              pageInfo: { hasPreviousPage: children.length > limit },
            },
          };
        }),
      );
    }),
    { seed, numRuns: times(20, 60) },
  );
});

/** Flat conditions as REST takes them: one per parameter, a list by repetition (its entries may hold commas). */
const flatQuestions = fc.constantFrom('Customer' as const, 'Order' as const, 'Contact' as const).chain((model) =>
  fc.record({
    model: fc.constant(model),
    conditions: fc.uniqueArray(
      comparisons(model).filter(({ operand }) => isSendable(operand)),
      { maxLength: 2, selector: ({ field, operator }) => `${field}_${operator}` },
    ),
    orderBy: orders(model).map((keys) => keys.map((key): SortKey => ({ ...key, nulls: 'LAST' }))),
    size: fc.integer({ min: 1, max: 6 }),
  }),
);

// A list of none cannot be written in a query string, and a list of one text with a comma would be two.
const isSendable = (operand: unknown): boolean =>
  operand !== null && (!Array.isArray(operand) || (operand.length > 0 && (operand.length > 1 || !/,|^$/.test(String(operand[0])))));

function queryString(
  model: Question['model'],
  { conditions, orderBy }: { conditions: { field: string; operator: string; operand: unknown }[]; orderBy: SortKey[] },
) {
  const parameters = conditions.flatMap(({ field, operator, operand }) => {
    const { kind } = definitions[model].fields[field] ?? {};
    const write = (value: unknown) =>
      kind === 'choice'
        ? String(value).toLowerCase()
        : kind === 'id' || kind === 'reference'
          ? String(value).replace(/^\w+:/, '')
          : String(value);
    const name = operator === 'eq' ? field : `${field}_${operator}`;
    return (Array.isArray(operand) ? operand : [operand]).map(
      (value) => `${name}=${encodeURIComponent(operator === 'isNull' ? String(value) : write(value))}`,
    );
  });
  const sort = orderBy.map(({ field, direction }) => (direction === 'DESC' ? `-${field}` : field)).join();
  return [...parameters, ...(sort ? [`sort=${sort}`] : [])].join('&');
}

interface RestPage {
  items: { id: number }[];
  total: number;
  pages: number;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

async function get(path: string): Promise<RestPage> {
  const { data: found, message } = await app.rest('GET', path);
  expect(message).toBeUndefined();
  return found as RestPage;
}

async function checkRest(drawn: Data, model: Question['model'], query: string, asked: Asked, size: number): Promise<void> {
  const expected = answer(drawn, model, asked).map(({ id }) => id);
  const path = `/${definitions[model].path}?${query}&`;
  const numbered: number[] = [];
  for (let page = 1; page <= Math.max(1, Math.ceil(expected.length / size)); page++) {
    const { items, total, pages } = await get(`${path}page=${page}&pageSize=${size}`);
    expect({ total, pages }).toEqual({ total: expected.length, pages: Math.ceil(expected.length / size) });
    numbered.push(...items.map(({ id }) => id));
  }
  expect(numbered).toEqual(expected);

  const followed: number[] = [];
  for (let after = '', more = true; more; ) {
    const { items, pageInfo } = await get(`${path}first=${size}${after && `&after=${after}`}`);
    followed.push(...items.map(({ id }) => id));
    more = pageInfo.hasNextPage;
    after = pageInfo.endCursor ?? '';
  }
  expect(followed).toEqual(expected);
}

test('REST lists with flat filters hold what the reference says', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(data, fc.array(flatQuestions, { minLength: 3, maxLength: 3 }), async (drawn, asked) => {
      await store(app, drawn);
      for (const { model, conditions, orderBy, size } of asked) {
        const where = { AND: conditions.map(({ field, operator, operand }) => ({ [field]: { [operator]: operand } })) };
        await checkRest(drawn, model, queryString(model, { conditions, orderBy }), { where, orderBy }, size);
      }
    }),
    { seed, numRuns: times(15, 40) },
  );
});
