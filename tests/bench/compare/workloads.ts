/** What is asked of both servers. Ours leaves out the trash by itself; the peer is told to, which lets it use our indexes. `#` in a text is a number that no two requests share. */
export interface Workload {
  name: string;
  about: string;
  /** The same question in the words of each; what is asked for goes by the same names. */
  ours: string;
  peer: string;
  /** What the peer is given where it takes others. */
  peerVariables?: () => Record<string, unknown>;
  variables?: (random: (below: number) => number) => Record<string, unknown>;
  /** The same as one statement by hand, of a column `answer` that is text; `$1` is the first variable. */
  floor?: string;
  /** Where each server's list begins that is to be read on from: the cursor is the server's own. */
  after?: { ours: string; peer: string };
}

export const sequence = '##########';

const live = 'FROM customers WHERE deleted_at IS NULL';
const columns = `id, name, email, phone, company, status, lifetime_value::text AS "lifetimeValue", created_at AS "createdAt"`;
const orders = `(SELECT coalesce(json_agg(o), '[]') FROM (SELECT order_number AS "orderNumber", total::text, status FROM orders WHERE customer_id = c.id ORDER BY id LIMIT 100) o) AS orders`;
const contacts = `(SELECT coalesce(json_agg(k), '[]') FROM (SELECT name, email, role FROM contacts WHERE customer_id = c.id ORDER BY id LIMIT 100) k) AS contacts`;
const nodes = (rows: string, more = '') =>
  `SELECT json_build_object('nodes', coalesce(json_agg(x), '[]')${more})::text AS answer FROM (${rows}) x`;

const flat = 'name email phone company status lifetimeValue createdAt';
const person = (random: (below: number) => number) => ({ id: 1 + random(20_000) });

export const workloads: Workload[] = [
  {
    name: 'W1',
    about: '10 customers with their orders',
    ours: '{ answer: customers(first: 10) { nodes { id: databaseId name email lifetimeValue orders { orderNumber total status } } } }',
    peer: '{ answer: allCustomers(first: 10, condition: { deletedAt: null }) { nodes { id: rowId name email lifetimeValue orders: ordersByCustomerId(first: 100) { nodes { orderNumber total status } } } } }',
    floor: nodes(
      `SELECT id, name, email, lifetime_value::text AS "lifetimeValue", ${orders} FROM customers c WHERE deleted_at IS NULL ORDER BY id LIMIT 10`,
    ),
  },
  {
    name: 'W2',
    about: '100 customers, 8 fields',
    ours: `{ answer: customers(first: 100) { nodes { id: databaseId ${flat} } } }`,
    peer: `{ answer: allCustomers(first: 100, condition: { deletedAt: null }) { nodes { id: rowId ${flat} } } }`,
    floor: nodes(`SELECT ${columns} ${live} ORDER BY id LIMIT 100`),
  },
  {
    name: 'W3',
    about: 'one by id, with orders and contacts',
    ours: 'query ($id: ID!) { answer: customer(id: $id) { id: databaseId name email status orders { orderNumber total status } contacts { name email role } } }',
    peer: 'query ($id: Int!) { answer: customerByRowId(rowId: $id) { id: rowId name email status orders: ordersByCustomerId(first: 100) { nodes { orderNumber total status } } contacts: contactsByCustomerId(first: 100) { nodes { name email role } } } }',
    variables: person,
    floor: `SELECT row_to_json(x)::text AS answer FROM (SELECT id, name, email, status, ${orders}, ${contacts} FROM customers c WHERE id = $1 AND deleted_at IS NULL) x`,
  },
  {
    name: 'W4',
    about: 'filtered, sorted, 25 and how many there are',
    ours: '{ answer: customers(first: 25, where: { status: { eq: CUSTOMER } }, orderBy: [{ field: LIFETIME_VALUE, direction: DESC }]) { totalCount nodes { id: databaseId name email lifetimeValue } } }',
    peer: '{ answer: allCustomers(first: 25, condition: { status: CUSTOMER, deletedAt: null }, orderBy: [LIFETIME_VALUE_DESC]) { totalCount nodes { id: rowId name email lifetimeValue } } }',
    floor: nodes(
      `SELECT id, name, email, lifetime_value::text AS "lifetimeValue" ${live} AND status = 'CUSTOMER' ORDER BY lifetime_value DESC, id LIMIT 25`,
      `, 'totalCount', (SELECT count(*) ${live} AND status = 'CUSTOMER')`,
    ),
  },
  {
    name: 'W5',
    about: 'a change of one customer',
    ours: 'mutation ($id: ID!, $notes: String!) { answer: updateCustomer(id: $id, input: { notes: $notes }) { id: databaseId name notes } }',
    peer: 'mutation ($id: Int!, $notes: String!) { changed: updateCustomerByRowId(input: { rowId: $id, customerPatch: { notes: $notes } }) { answer: customer { id: rowId name notes } } }',
    variables: (random) => ({ ...person(random), notes: `Called ${sequence}` }),
  },
  {
    name: 'W6',
    about: '100 customers after the 15,000th',
    ours: `query ($after: String) { answer: customers(first: 100, after: $after) { nodes { id: databaseId ${flat} } pageInfo { hasNextPage endCursor } } }`,
    peer: `query ($after: Cursor) { answer: allCustomers(first: 100, after: $after, condition: { deletedAt: null }) { nodes { id: rowId ${flat} } pageInfo { hasNextPage endCursor } } }`,
    after: {
      ours: '{ answer: customers(page: 15000, pageSize: 1) { pageInfo { endCursor } } }',
      peer: '{ answer: allCustomers(offset: 14999, first: 1, condition: { deletedAt: null }) { pageInfo { endCursor } } }',
    },
  },
  {
    name: 'W7',
    about: '10 customers, their orders, and the contacts of whose they are',
    ours: '{ answer: customers(first: 10) { nodes { id: databaseId orders(limit: 20) { orderNumber customer { name contacts(limit: 20) { name } } } } } }',
    peer: '{ answer: allCustomers(first: 10, condition: { deletedAt: null }) { nodes { id: rowId orders: ordersByCustomerId(first: 20) { nodes { orderNumber customer: customerByCustomerId { name contacts: contactsByCustomerId(first: 20) { nodes { name } } } } } } } }',
  },
  {
    name: 'W8',
    about: 'the list page: 50 customers with their owners, filtered and sorted by variables',
    ours: 'query ($where: CustomerWhere, $orderBy: [CustomerOrderBy!]) { answer: customers(first: 50, where: $where, orderBy: $orderBy) { nodes { id: databaseId name email status lifetimeValue owner { name } } pageInfo { hasNextPage } } }',
    peer: 'query { answer: allCustomers(first: 50, condition: { status: CUSTOMER, deletedAt: null }, orderBy: [LIFETIME_VALUE_DESC]) { nodes { id: rowId name email status lifetimeValue owner: userByOwnerId { name } } pageInfo { hasNextPage } } }',
    variables: () => ({ where: { status: { eq: 'CUSTOMER' } }, orderBy: [{ field: 'LIFETIME_VALUE', direction: 'DESC' }] }),
    peerVariables: () => ({}),
  },
];

/** The part of an answer on which both servers have to agree: not how they write moments, and each has its own cursors. */
export function essence(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(essence);
  if (typeof answer === 'string') return /^\d{4}-\d\d-\d\dT/.test(answer) ? new Date(answer).toISOString() : answer;
  if (typeof answer !== 'object' || answer === null) return answer;
  const entries = Object.entries(answer)
    .filter(([name]) => !name.endsWith('Cursor'))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const [only] = entries;
  // Lists of relations: the peer has them as connections.
  if (only && entries.length === 1 && ['nodes', 'changed', 'answer'].includes(only[0])) return essence(only[1]);
  return Object.fromEntries(entries.map(([name, value]) => [name, essence(value)]));
}
