import { type DocumentNode, getNullableType, parse } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { authorize } from '../access.ts';
import type { Context } from '../context.ts';
import { badInput, type InputIssue } from '../errors.ts';
import { byteOrderMark, cell, line } from './csv/text.ts';
import { responseOf } from './reply.ts';
import { checkQuery, readArguments, readSelection, type Variables } from './rest/arguments.ts';
import type { Operations } from './rest/call.ts';
import { exposedOperations, limitsOf, type Operation, partsOf } from './rest/operation.ts';
import { methodNotAllowed, problem, worst } from './rest/problem.ts';
import { listed, readQuery } from './rest/query.ts';
import { contextFor } from './rest/sofa.ts';

interface CsvOptions {
  /** The path that the lists stand under. */
  base: string;
  operations: Operations;
  /** What whoever takes everything with them must be allowed to do. */
  scope: string;
}

/** How much is read at once, and where it goes on; the caller has no say in it. */
const paging = ['first', 'after', 'last', 'before', 'page', 'pageSize'];

interface Page {
  items: Record<string, unknown>[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** Every list as a file, at `{list}/export.csv`: all records that match, read page by page as fast as they are taken. */
export function csv({ base, operations, scope }: CsvOptions): Plugin {
  const lists = new Map(
    exposedOperations(operations.schema)
      .filter(({ kind, record }) => kind === 'list' && record)
      .map((operation) => [`${base}${operation.rest.path}/export.csv`, withoutPaging(operation)]),
  );

  async function answer(request: Request, url: URL, list: Operation): Promise<Response> {
    const context = (await contextFor(operations, request)) as Context; // the schema's own
    authorize(context.principal, scope);
    const issues: InputIssue[] = [];
    const query = readQuery(url.search, issues);
    checkQuery(list, { plain: list, flagged: new Map() }, query, issues);
    if (query.has('include')) issues.push({ path: ['include'], message: 'is not possible here: a cell holds one value' });
    const { fields } = readSelection(list, query, issues);
    const variables = readArguments(list, { params: new Map(), query, headers: request.headers, body: undefined }, issues);
    if (issues.length) throw badInput(issues);

    // Columns stand as they were asked for.
    const names = fields ? [...new Set(listed(query.get('fields') ?? []))].filter((name) => fields.includes(name)) : valuesOf(list);
    const pages = read(list, names, variables, context);
    // Before the answer begins: what is refused is refused with a status.
    const first = await pages.next();
    const headers = {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${list.rest.path.slice(1)}-${context.now().toISOString().slice(0, 10)}.csv"`,
      'cache-control': 'no-store',
    };
    return new Response(request.method === 'HEAD' ? null : streamed(list, names, first, pages), { headers });
  }

  async function* read(list: Operation, names: readonly string[], variables: Variables, contextValue: Context): AsyncGenerator<Page> {
    const document = documentOf(list, names);
    const first = Number(limitsOf(list, argumentOf(list, 'first'))['maximum'] ?? 100);
    let after: string | null = null;
    do {
      const variableValues: Variables = { ...variables, first, after };
      const { data, errors } = await operations.execute(document, { contextValue, variableValues });
      if (errors?.length || !data) throw worst(errors ?? []);
      const page = data[list.name] as Page; // as the document says
      yield page;
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
  }

  return {
    async onRequest({ request, url, endResponse }) {
      const list = lists.get(url.pathname);
      if (!list) return;
      if (!['GET', 'HEAD'].includes(request.method)) return endResponse(responseOf(methodNotAllowed(request.method, 'GET, HEAD')));
      endResponse(await answer(request, url, list).catch((error: unknown) => problem(operations.mask(error))));
    },
  };
}

/** The list, as far as the caller of an export may ask: where to go on is not for them. */
const withoutPaging = (operation: Operation): Operation => ({
  ...operation,
  args: new Map([...operation.args].filter(([name]) => !paging.includes(name))),
});

function argumentOf({ field }: Operation, name: string) {
  const found = field.args.find((arg) => arg.name === name);
  if (!found) throw new Error(`${field.name} has no argument ${name}`);
  return found;
}

const valuesOf = ({ record }: Operation): readonly string[] => (record ? partsOf(record).values : []);

function documentOf(list: Operation, names: readonly string[]): DocumentNode {
  const args = [...list.args.values(), argumentOf(list, 'first'), argumentOf(list, 'after')];
  const declared = args.map((arg) => `$${arg.name}: ${arg.defaultValue === undefined ? arg.type : getNullableType(arg.type)}`);
  const passed = args.map(({ name }) => `${name}: $${name}`);
  return parse(
    `query (${declared.join(', ')}) { ${list.name}(${passed.join(', ')}) { items { ${names.join(' ')} } pageInfo { hasNextPage endCursor } } }`,
    { noLocation: true },
  );
}

/** Pulled, not pushed: what nobody takes is not read, so a file of any length needs the memory of a page. */
function streamed(
  list: Operation,
  names: readonly string[],
  first: IteratorResult<Page>,
  rest: AsyncGenerator<Page>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const types = list.record?.getFields() ?? {};
  const lines = ({ items }: Page) =>
    items.map((item) => line(names.map((name) => (types[name] ? cell(types[name].type, item[name]) : '')))).join('');
  let next: IteratorResult<Page> | undefined = first;
  return new ReadableStream(
    {
      start: (controller) => controller.enqueue(encoder.encode(byteOrderMark + line(names))),
      async pull(controller) {
        const { done, value } = next ?? (await rest.next());
        next = undefined;
        if (done) controller.close();
        else controller.enqueue(encoder.encode(lines(value)));
      },
      cancel: () => void rest.return(undefined),
    },
    { highWaterMark: 0 },
  );
}
