import { parseArgs } from 'node:util';
import { benchDatabase } from './database.ts';
import { generator } from './generator.ts';
import { allowKey, type BenchServer, get, key, startOurs, tool } from './servers.ts';

// `npm run bench -- mcp --seconds 30 --clients 40`: the same reads as tools and over REST, side by side.
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '30' }, clients: { type: 'string', default: '40' } } });

const authorization = `Bearer ${key}`;

const database = await benchDatabase();
if (database) {
  await allowKey(database.url);
  const server = await startOurs(database.url);
  try {
    await compare(server);
  } finally {
    await server.stop();
  }
}

async function compare({ port }: BenchServer): Promise<void> {
  const pairs = {
    'one record': { REST: get(port, '/api/customers/1', { authorization }), MCP: tool(port, 'customer_get', { id: 1 }) },
    'a page of 25': { REST: get(port, '/api/customers?first=25', { authorization }), MCP: tool(port, 'customer_list', { first: 25 }) },
  };
  const { send, warm, stop } = generator();
  try {
    for (const [what, surfaces] of Object.entries(pairs)) {
      for (const [surface, request] of Object.entries(surfaces)) {
        const load = { port, requests: [request], sequence: '\0', connections: Number(values.clients) };
        await warm(load, 1000);
        const { requests, failures, p50, p99 } = await send({ ...load, milliseconds: Number(values.seconds) * 1000 });
        console.log(`${what}, ${surface}: ${requests} requests, ${failures} failures, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
      }
    }
  } finally {
    stop();
  }
}
