import fc from 'fast-check';
import { definitions, mostOf, type Name } from '../schema/reads/data.ts';
import { orders, wheres } from '../schema/reads/questions.ts';

// Random documents about customers, orders and contacts: whatever the schema allows, nested, aliased, split in fragments,
// with values written out or in variables.

type Owner = Name | 'User';

/** A part of a selection. */
type Part =
  | { kind: 'field'; alias: boolean; name: string }
  | { kind: 'relation'; alias: boolean; name: string; target: Owner; args: Args; below: Part[] | Page }
  | { kind: 'included'; directive: 'include' | 'skip'; is: boolean; inVariable: boolean; below: Part[] }
  | { kind: 'fragment'; named: boolean; on: 'type' | 'Node'; below: Part[] };

type Page = {
  page: ('totalCount' | 'hasNextPage' | 'hasPreviousPage' | 'startCursor' | 'endCursor' | 'cursor' | '__typename')[];
  nodes: Part[] | null;
  edges: Part[] | null;
};
/** `within`: a condition by id whose value alone is in a variable. */
type Args = { name: string; type: string; value: unknown; inVariable: boolean; within?: boolean }[];
type Root =
  | { kind: 'page'; model: Name; args: Args; below: Page }
  | { kind: 'one'; model: Name; id: string; inVariable: boolean; below: Part[] }
  | { kind: 'nodes'; ids: string[]; below: Record<Name, Part[]> }
  | { kind: 'node'; id: string; below: Record<Name, Part[]> };

export interface Drawn {
  query: string;
  variables: Record<string, unknown>;
}

const relations: Record<Owner, { name: string; target: Owner; many: boolean }[]> = {
  Customer: [
    { name: 'orders', target: 'Order', many: true },
    { name: 'contacts', target: 'Contact', many: true },
    { name: 'owner', target: 'User', many: false },
  ],
  Order: [{ name: 'customer', target: 'Customer', many: false }],
  Contact: [{ name: 'customer', target: 'Customer', many: false }],
  User: [],
};

const fieldsOf = (model: Owner): string[] =>
  model === 'User' ? ['id', 'name', 'databaseId'] : [...Object.keys(definitions[model].fields), 'databaseId', '__typename'];

const arg = (name: string, type: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<Args[number]> =>
  fc.record({
    name: fc.constant(name),
    type: fc.constant(type),
    value,
    inVariable: fc.constant(type.includes('Where') || type.includes('OrderBy')).chain((is) => (is ? fc.constant(true) : fc.boolean())),
  });

const idOf = (model: Name) => fc.integer({ min: 1, max: mostOf[model] + 1 });
const constant = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

const filterArgs = (model: Name) => [
  fc.oneof(
    { weight: 3, arbitrary: arg('where', `${model}Where`, wheres(model, 1)) },
    {
      weight: 1,
      arbitrary: idOf(model).map((id) => ({ name: 'where', type: 'ID', value: `${model}:${id}`, inVariable: false, within: true })),
    },
  ),
  arg(
    'orderBy',
    `[${model}OrderBy!]`,
    orders(model).map((keys) => keys.map(({ field, ...rest }) => ({ field: constant(field), ...rest }))),
  ),
];

const some = (args: fc.Arbitrary<Args[number]>[]): fc.Arbitrary<Args> =>
  fc.tuple(...args.map((each) => fc.option(each, { freq: 2 }))).map((drawn) => drawn.filter((each) => each !== null));

const paging = fc.oneof(
  some([arg('first', 'Int', fc.integer({ min: 0, max: 5 }))]),
  some([arg('last', 'Int', fc.integer({ min: 0, max: 5 }))]),
  fc
    .tuple(arg('page', 'Int', fc.integer({ min: 1, max: 3 })), arg('pageSize', 'Int', fc.integer({ min: 1, max: 4 })))
    .map((args) => [...args]),
);

const trash = arg('trash', 'Trash', fc.constantFrom('EXCLUDE', 'INCLUDE', 'ONLY')).map((each) => ({ ...each, inVariable: true }));
const search = arg('search', 'String', fc.constantFrom('acme', 'a', '50%', ''));

const pageArgs = (model: Name): fc.Arbitrary<Args> =>
  fc
    .tuple(
      some([
        ...filterArgs(model),
        ...(model === 'Customer' ? [trash, fc.oneof({ weight: 5, arbitrary: fc.constant(null as never) }, search)] : []),
      ]),
      paging,
    )
    .map(([own, which]) => [...own.filter((each) => each !== null), ...which]);

const listArgs = (model: Name): fc.Arbitrary<Args> => some([...filterArgs(model), arg('limit', 'Int', fc.integer({ min: 0, max: 4 }))]);

function parts(model: Owner, depth: number): fc.Arbitrary<Part[]> {
  const field = fc.record({ kind: fc.constant('field' as const), alias: fc.boolean(), name: fc.constantFrom(...fieldsOf(model)) });
  if (!depth) return fc.array(field, { minLength: 1, maxLength: 4 });
  const inner = parts(model, depth - 1);
  const included = fc.record({
    kind: fc.constant('included' as const),
    directive: fc.constantFrom('include' as const, 'skip' as const),
    is: fc.boolean(),
    inVariable: fc.boolean(),
    below: inner,
  });
  const fragment = fc.record({
    kind: fc.constant('fragment' as const),
    named: fc.boolean(),
    on: fc.constantFrom('type' as const, 'type' as const),
    below: inner,
  });
  const followed = relations[model].map((each) => relation(each, depth - 1));
  return fc.array(
    fc.oneof(
      { weight: 6, arbitrary: field },
      { weight: 1, arbitrary: included },
      { weight: 1, arbitrary: fragment },
      ...followed.map((arbitrary) => ({ weight: 2, arbitrary })),
    ),
    { minLength: 1, maxLength: 5 },
  );
}

function relation({ name, target, many }: (typeof relations)[Owner][number], depth: number): fc.Arbitrary<Part> {
  const frame = { kind: fc.constant('relation' as const), alias: fc.boolean(), target: fc.constant(target) };
  if (!many || target === 'User')
    return fc.record({ ...frame, name: fc.constant(name), args: fc.constant<Args>([]), below: parts(target, depth) });
  return fc.oneof(
    fc.record({ ...frame, name: fc.constant(name), args: listArgs(target), below: parts(target, depth) }),
    fc.record({ ...frame, name: fc.constant(`${name}Connection`), args: pageArgs(target), below: page(target, depth) }),
  );
}

const page = (model: Owner, depth: number): fc.Arbitrary<Page> =>
  fc.record({
    page: fc.uniqueArray(
      fc.constantFrom('totalCount', 'hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor', 'cursor', '__typename'),
      { maxLength: 3 },
    ),
    nodes: fc.option(parts(model, depth), { freq: 3 }),
    edges: fc.option(parts(model, depth), { freq: 2 }),
  }) as fc.Arbitrary<Page>; // uniqueArray widens its literals

const names = ['Customer', 'Order', 'Contact'] as const;
const anyId = fc.constantFrom(...names).chain((model) => idOf(model).map((id) => `${model}:${id}`));
const byType = (depth: number) =>
  fc.record({ Customer: parts('Customer', depth), Order: parts('Order', depth), Contact: parts('Contact', depth) });

const roots: fc.Arbitrary<Root> = fc.constantFrom(...names).chain((model) =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('page' as const), model: fc.constant(model), args: pageArgs(model), below: page(model, 2) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('one' as const),
        model: fc.constant(model),
        id: fc.tuple(fc.boolean(), idOf(model)).map(([named, id]) => (named ? `${model}:${id}` : String(id))),
        inVariable: fc.boolean(),
        below: parts(model, 3),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('node' as const), id: anyId, below: byType(1) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('nodes' as const), ids: fc.array(anyId, { maxLength: 5 }), below: byType(1) }) },
  ),
);

export const documents: fc.Arbitrary<Drawn> = fc.array(roots, { minLength: 1, maxLength: 3 }).map(rendered);

/** The text, with a name of its own for every alias, variable and fragment. */
function rendered(drawn: Root[]): Drawn {
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  const fragments: string[] = [];
  let serial = 0;

  const variable = (type: string, value: unknown): string => {
    const name = `v${serial++}`;
    declared.push(`$${name}: ${type}`);
    variables[name] = value;
    return `$${name}`;
  };
  const written = (args: Args): string => {
    const each = args.map(({ name, type, value, inVariable, within }) => {
      if (within) return `${name}: { id: { ne: ${variable('ID', value)} }, version: { gte: 1 } }`;
      return `${name}: ${inVariable ? variable(type, value) : JSON.stringify(value)}`;
    });
    return each.length ? `(${each.join(', ')})` : '';
  };
  const selection = (below: Part[], model: Owner): string => `{ ${below.map((part) => partText(part, model)).join(' ')} }`;
  const alias = (is: boolean): string => (is ? `a${serial++}: ` : '');

  function partText(part: Part, model: Owner): string {
    switch (part.kind) {
      case 'field':
        return `${alias(part.alias)}${part.name}`;
      case 'relation': {
        // Two of one name with other arguments do not merge.
        const below = Array.isArray(part.below) ? selection(part.below, part.target) : pageText(part.below, part.target);
        return `${alias(part.alias || part.args.length > 0 || part.target !== 'User')}${part.name}${written(part.args)} ${below}`;
      }
      case 'included': {
        const condition = part.inVariable ? variable('Boolean!', part.is) : String(part.is);
        return `... @${part.directive}(if: ${condition}) ${selection(part.below, model)}`;
      }
      case 'fragment': {
        if (!part.named) return `... on ${model} ${selection(part.below, model)}`;
        const name = `F${serial++}`;
        fragments.push(`fragment ${name} on ${model} ${selection(part.below, model)}`);
        return `...${name}`;
      }
    }
  }

  function pageText({ page: around, nodes, edges }: Page, model: Owner): string {
    const ends = around.filter((name) => /^(has|start|end)/.test(name));
    const own = around.filter((name) => name === 'totalCount' || name === '__typename');
    const cursor = around.includes('cursor') ? 'cursor' : '';
    const texts = [
      ...own,
      ...(ends.length ? [`pageInfo { ${ends.join(' ')} }`] : []),
      ...(nodes ? [`nodes ${selection(nodes, model)}`] : []),
      ...(edges ? [`edges { ${cursor} node ${selection(edges, model)} }`] : cursor ? ['edges { cursor }'] : []),
    ];
    return `{ ${texts.length ? texts.join(' ') : '__typename'} }`;
  }

  const rootText = (root: Root, index: number): string => {
    const key = `r${index}: `;
    switch (root.kind) {
      case 'page':
        return `${key}${definitions[root.model].many}${written(root.args)} ${pageText(root.below, root.model)}`;
      case 'one':
        return `${key}${definitions[root.model].one}(id: ${root.inVariable ? variable('ID!', root.id) : JSON.stringify(root.id)}) ${selection(root.below, root.model)}`;
      case 'node':
        return `${key}node(id: ${JSON.stringify(root.id)}) ${typed(root.below)}`;
      case 'nodes':
        return `${key}nodes(ids: ${variable('[ID!]!', root.ids)}) ${typed(root.below)}`;
    }
  };
  const typed = (below: Record<Name, Part[]>): string =>
    `{ __typename id ${names.map((name) => `... on ${name} { s${serial++}: __typename ${selection(below[name], name).slice(1, -1)} }`).join(' ')} }`;

  const texts = drawn.map(rootText);
  const head = declared.length ? `query (${declared.join(', ')})` : 'query';
  return { query: `${head} { ${texts.join(' ')} } ${fragments.join(' ')}`.trim(), variables };
}
