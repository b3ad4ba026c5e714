import { graphql } from './gql/gql.ts';
import type { CustomerCreateInput, CustomersPageQuery, CustomerWhere } from './gql/graphql.ts';
import type { Send, Subscribe } from './send.ts';

const customersPage = graphql(`
  query CustomersPage($where: CustomerWhere, $after: String) {
    customers(where: $where, orderBy: [{ field: NAME }], first: 100, after: $after) {
      nodes { id name status lifetimeValue createdAt }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

const createCustomerDocument = graphql(`
  mutation CreateCustomer($input: CustomerCreateInput!) {
    createCustomer(input: $input) { id name status }
  }
`);

const upgradeCustomerDocument = graphql(`
  mutation UpgradeCustomer($id: ID!) {
    upgradeCustomer(id: $id) { id status }
  }
`);

const customerChangesDocument = graphql(`
  subscription CustomerChanges($since: String) {
    changes(resources: [Customer], since: $since) { cursor op recordId version changedFields }
  }
`);

/** Every customer that matches, by name, a page at a time. */
export async function* listCustomers(send: Send, where?: CustomerWhere) {
  let after: string | null = null;
  do {
    const { customers }: CustomersPageQuery = await send(customersPage, { where, after });
    yield* customers.nodes;
    after = customers.pageInfo.hasNextPage ? customers.pageInfo.endCursor : null;
  } while (after);
}

export const createCustomer = async (send: Send, input: CustomerCreateInput) =>
  (await send(createCustomerDocument, { input })).createCustomer;

export const upgradeCustomer = async (send: Send, id: string) => (await send(upgradeCustomerDocument, { id })).upgradeCustomer;

/** What happens to customers from now on, or from after a cursor on, as it is committed. */
export async function* customerChanges(subscribe: Subscribe, since?: string) {
  const events = subscribe(customerChangesDocument, { since: since ?? null }, ({ changes }) => changes.cursor);
  for await (const { changes } of events) yield changes;
}
