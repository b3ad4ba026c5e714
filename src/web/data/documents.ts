import type { UiAction, UiField, UiResource } from './page.ts';

// GraphQL for what is known at run time only. Every document here is checked against the schema in tests/web/documents.test.ts.

/** The names of other kinds of records, to select what a reference shows. */
export type Titles = ReadonlyMap<string, string>;

export const titlesOf = (resources: readonly UiResource[]): Titles => new Map(resources.map(({ name, titleField }) => [name, titleField]));

/** What is told once only is no part of a record that is read. */
const readable = ({ name, section }: UiField) => name !== 'id' && section !== null;

/** Everything that a record consists of, and the names of those it points to. */
export function selection({ fields }: UiResource, titles: Titles): string {
  const parts = fields.filter(readable).flatMap(({ name, reference }) => {
    const title = reference && titles.get(reference.resource);
    return reference && title ? [name, `${reference.objectField} { id databaseId ${title} }`] : [name];
  });
  return [...new Set(['id', 'databaseId', 'version', ...parts])].join(' ');
}

export const listDocument = (resource: UiResource, titles: Titles): string =>
  pageOf(resource, {
    declared: ', $count: Boolean!',
    selected: `totalCount @include(if: $count) nodes { ${selection(resource, titles)} }`,
  });

/** The ids alone, where many are asked for. */
export const idsDocument = (resource: UiResource): string => pageOf(resource, { declared: '', selected: 'nodes { id }' });

/** The ids of records by something else that they are known by. */
export const matchDocument = (resource: UiResource, { name }: UiField): string =>
  pageOf(resource, { declared: '', selected: `nodes { id ${name} }` });

function pageOf(
  { operations, searchable, softDelete }: UiResource,
  { declared, selected }: { declared: string; selected: string },
): string {
  const search = searchable ? { declared: ', $search: String', passed: ', search: $search' } : nothing;
  const trash = softDelete ? { declared: ', $trash: Trash', passed: ', trash: $trash' } : nothing;
  return `query List($where: ${operations.whereType}, $orderBy: [${operations.orderByType}!], $page: Int!, $pageSize: Int!${declared}${search.declared}${trash.declared}) {
  page: ${operations.list}(where: $where, orderBy: $orderBy, page: $page, pageSize: $pageSize${search.passed}${trash.passed}) { ${selected} }
}`;
}

const nothing = { declared: '', passed: '' };

export const recordDocument = (resource: UiResource, titles: Titles): string =>
  `query Record($id: ID!) { record: ${resource.operations.get}(id: $id) { ${selection(resource, titles)} } }`;

/** Several records of one kind by their ids; the lost ones are null. */
export const nodesDocument = (resource: UiResource, titles: Titles): string =>
  `query Nodes($ids: [ID!]!) { nodes(ids: $ids) { ... on ${resource.name} { ${selection(resource, titles)} } } }`;

/** A to-many relation of one record. */
export const relatedDocument = (resource: UiResource, connectionField: string, target: UiResource, titles: Titles): string =>
  `query Related($id: ID!, $first: Int!, $orderBy: [${target.operations.orderByType}!]) {
  record: ${resource.operations.get}(id: $id) { id ${connectionField}(first: $first, orderBy: $orderBy) { totalCount nodes { ${selection(target, titles)} } } }
}`;

export const historyDocument = ({ operations }: UiResource): string => `query History($id: ID!, $first: Int!, $after: String) {
  record: ${operations.get}(id: $id) {
    id
    history(first: $first, after: $after) {
      nodes { cursor op changedFields actor surface changeSet at version fields { field before after } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

/** What happened lately, with the names of the records it happened to. */
export const activityDocument = (resources: readonly UiResource[]): string => {
  // Each under a name of its own: titles of different kinds need not be of one type.
  const titles = resources.map(({ name, titleField }) => `... on ${name} { ${titleAlias(name)}: ${titleField} }`);
  return `query Activity($resources: [Resource!], $last: Int!, $before: String) {
  changes(resources: $resources, last: $last, before: $before) { nodes { cursor op actor surface changeSet at resource recordId changedFields record { ${['id', ...titles].join(' ')} } } }
}`;
};

export const titleAlias = (resource: string): string => `titleOf${resource}`;

interface SummaryOptions {
  groupBy: readonly UiField[];
  sum: readonly UiField[];
}

/** Counts and sums, group by group. */
export function summaryDocument({ operations, searchable, softDelete, name }: UiResource, { groupBy, sum }: SummaryOptions): string {
  const search = searchable ? { declared: ', $search: String', passed: ', search: $search' } : nothing;
  const trash = softDelete ? { declared: ', $trash: Trash', passed: ', trash: $trash' } : nothing;
  const hasGroups = groupBy.length > 0;
  const groups = hasGroups
    ? { declared: `, $groupBy: [${name}GroupField!]!, $interval: Interval!`, passed: ', groupBy: $groupBy, interval: $interval' }
    : nothing;
  const sums = sum.length > 0 ? ` sum { ${sum.map((field) => field.name).join(' ')} }` : '';
  return `query Summary($where: ${operations.whereType}${search.declared}${trash.declared}${groups.declared}) {
  groups: ${operations.summary}(where: $where${search.passed}${trash.passed}${groups.passed}) { ${groupBy.map((field) => field.name).join(' ')} count${sums} }
}`;
}

export const createDocument = (resource: UiResource, titles: Titles): string =>
  `mutation Create($input: ${resource.operations.createInput}!, $idempotencyKey: String) { record: ${resource.operations.create}(input: $input, idempotencyKey: $idempotencyKey) { ${createdSelection(resource, titles)} } }`;

/** A new record may tell a secret, this once. */
const createdSelection = (resource: UiResource, titles: Titles): string => {
  const once = resource.fields.filter(({ section }) => section === null).map(({ name }) => name);
  return [selection(resource, titles), ...once].join(' ');
};

export const updateDocument = (resource: UiResource, titles: Titles): string =>
  `mutation Update($id: ID!, $input: ${resource.operations.updateInput}!, $expectedVersion: Int!) {
  record: ${resource.operations.update}(id: $id, input: $input, expectedVersion: $expectedVersion) { ${selection(resource, titles)} }
}`;

/** Whatever takes an id alone: delete, restore, destroy. */
export const byIdDocument = (mutation: string): string => `mutation ById($id: ID!) { record: ${mutation}(id: $id) { id } }`;

const bulkResult = 'succeeded failed results { index error { code message errors { path message } } record { id } }';

export const updateManyDocument = ({ operations }: UiResource): string =>
  `mutation UpdateMany($ids: [ID!]!, $input: ${operations.updateInput}!, $dryRun: Boolean!, $idempotencyKey: String) {
  result: ${operations.updateMany}(ids: $ids, input: $input, atomic: false, dryRun: $dryRun, idempotencyKey: $idempotencyKey) { ${bulkResult} }
}`;

export const deleteManyDocument = ({
  operations,
}: UiResource): string => `mutation DeleteMany($ids: [ID!]!, $dryRun: Boolean!, $idempotencyKey: String) {
  result: ${operations.deleteMany}(ids: $ids, atomic: false, dryRun: $dryRun, idempotencyKey: $idempotencyKey) { ${bulkResult} }
}`;

export const createManyDocument = ({ operations }: UiResource): string =>
  `mutation CreateMany($input: [${operations.createInput}!]!, $dryRun: Boolean!, $idempotencyKey: String) {
  result: ${operations.createMany}(input: $input, atomic: false, dryRun: $dryRun, idempotencyKey: $idempotencyKey) { ${bulkResult} }
}`;

/** An action, with what it asks for as variables. */
export function actionDocument(resource: UiResource, { mutation, fields }: Pick<UiAction, 'mutation' | 'fields'>, titles: Titles): string {
  const declared = fields.map(({ name, type, required }) => `, $${name}: ${type}${required ? '!' : ''}`).join('');
  const passed = fields.map(({ name }) => `, ${name}: $${name}`).join('');
  const once = createdSelection(resource, titles);
  return `mutation Act($id: ID!, $expectedVersion: Int, $idempotencyKey: String${declared}) {
  record: ${mutation}(id: $id, expectedVersion: $expectedVersion, idempotencyKey: $idempotencyKey${passed}) { ${once} }
}`;
}

/** A step of a workflow: an action whose only argument is the field. */
export const transitionDocument = (resource: UiResource, field: UiField, mutation: string, titles: Titles): string =>
  actionDocument(resource, { mutation, fields: [{ ...field, required: true }] }, titles);
