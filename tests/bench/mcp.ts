import { parseArgs } from 'node:util';

// `node tests/bench/mcp.ts --url http://localhost:8000 --seconds 30 --clients 40`: the same read as a tool and over REST, side by side.
const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:8000' },
    seconds: { type: 'string', default: '30' },
    clients: { type: 'string', default: '40' },
  },
});

const call = (name: string, args: object) =>
  JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: {
      name,
      arguments: args,
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
  });

const tool = (name: string, args: object) => async () => {
  const response = await fetch(`${values.url}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': name,
    },
    body: call(name, args),
  });
  const text = await response.text();
  return response.ok && text.includes('structuredContent') && !text.includes('"isError":true');
};

const rest = (path: string) => async () => {
  const response = await fetch(`${values.url}/api${path}`);
  await response.text();
  return response.ok;
};

const pairs = {
  'one record': { REST: rest('/customers/1'), MCP: tool('customer_get', { id: 1 }) },
  'a page of 25': { REST: rest('/customers?first=25'), MCP: tool('customer_list', { first: 25 }) },
};

/** So many clients, each with one request after the other. */
async function load(request: () => Promise<boolean>) {
  const times: number[] = [];
  let failures = 0;
  const until = performance.now() + Number(values.seconds) * 1000;
  const client = async () => {
    while (performance.now() < until) {
      const start = performance.now();
      if (!(await request().catch(() => false))) failures++;
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: Number(values.clients) }, client));
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor(sorted.length * part)]?.toFixed(1);
  return `${times.length} requests, ${failures} failures, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}

for (const [what, surfaces] of Object.entries(pairs)) {
  for (const request of Object.values(surfaces)) await Promise.all(Array.from({ length: 40 }, request)); // warm
  for (const [surface, request] of Object.entries(surfaces)) console.log(`${what}, ${surface}: ${await load(request)}`);
}
