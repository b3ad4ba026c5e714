import { sequence } from './compare/workloads.ts';
import type { Generator } from './generator.ts';
import { type BenchServer, get, key, post, tool } from './servers.ts';

/** The same over REST and MCP as over GraphQL, in turns; there is no peer for those. Returns a table in Markdown. */
export async function surfaces({ send, warm }: Generator, { port }: BenchServer, seconds: number): Promise<string[]> {
  const authorization = `Bearer ${key}`;
  const json = { authorization, 'content-type': 'application/json' };
  const graphql = (query: string, variables: object) => post(port, '/graphql', json, JSON.stringify({ query, variables }));
  const fields = 'id name email phone company status source lifetimeValue notes tags ownerId version createdAt updatedAt deletedAt';
  const person = (email: string) => ({ name: 'Bench', email });
  const pairs: Record<string, Record<string, string>> = {
    'one record': {
      GraphQL: graphql(`query ($id: ID!) { customer(id: $id) { ${fields} } }`, { id: 1 }),
      REST: get(port, '/api/customers/1', { authorization }),
      MCP: tool(port, 'customer_get', { id: 1 }),
    },
    'a list of 25': {
      GraphQL: graphql(
        `query ($first: Int) { customers(first: $first) { nodes { ${fields} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
        { first: 25 },
      ),
      REST: get(port, '/api/customers?first=25', { authorization }),
      MCP: tool(port, 'customer_list', { first: 25 }),
    },
    'a new record': {
      GraphQL: graphql(`mutation ($input: CustomerCreateInput!) { createCustomer(input: $input) { ${fields} } }`, {
        input: person(`g${sequence}@example.com`),
      }),
      REST: post(port, '/api/customers', json, JSON.stringify(person(`r${sequence}@example.com`))),
    },
  };
  const lines = ['| with 16 connections | requests/s | ÷ GraphQL | p50 ms | p99 ms |', '|---|---:|---:|---:|---:|'];
  for (const [what, requests] of Object.entries(pairs)) {
    let first: number | undefined;
    for (const [surface, request] of Object.entries(requests)) {
      const load = { port, requests: [request], sequence, connections: 16 };
      await warm(load, 1000);
      const measured = await send({ ...load, milliseconds: seconds * 1000 });
      if (measured.failures) throw new Error(`${measured.failures} of ${measured.requests} requests failed (${what}, ${surface}).`);
      const rate = measured.requests / measured.seconds;
      first ??= rate;
      lines.push(
        `| ${what}, ${surface} | ${rate.toFixed(0)} | ${(rate / first).toFixed(2)} | ${measured.p50.toFixed(1)} | ${measured.p99.toFixed(1)} |`,
      );
    }
  }
  return lines;
}
