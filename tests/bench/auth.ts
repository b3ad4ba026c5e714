import { Agent, request } from 'node:http';
import { parseArgs } from 'node:util';
import { authApp, setUp } from '../auth/app.ts';
import { grant } from '../auth/oauth.ts';

// `node tests/bench/auth.ts --rounds 15 --requests 400`: what it costs to know who asks, in CPU of the whole process.
// The same question is answered without a credential, which in development is an administrator's, and with each kind.
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' }, requests: { type: 'string', default: '400' } } });

// Each round is a minute later, so that none is over what a credential may do in one.
let later = 0;
const now = () => new Date(Date.now() + later);
const publicUrl = 'http://localhost:8000';
const closed = await authApp({ publicUrl }, { now });
const admin = await setUp(closed);
const { body } = await admin.post('/api/api-keys', { name: 'Bench', scopes: ['*:read'], ratePerMinute: 6000 });
const { access } = await grant(closed, admin, '*:read offline_access');
const open = await authApp({ publicUrl, dev: true }, { now, database: closed.database });

const agent = new Agent({ keepAlive: true });
const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const ask = (path: string, text: string, headers: Record<string, string>): Promise<void> =>
  new Promise((resolve, reject) => {
    const sent = request(open.url + path, { agent, method: 'POST', headers: { ...json, ...headers } }, (response) => {
      response.resume().on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`${path}: ${response.statusCode}`))));
    });
    sent.on('error', reject).end(text);
  });

const origin = new URL(open.url).origin;
const key = { authorization: `Bearer ${body['secret']}` };
const questions: Record<string, { path: string; text: string; kinds: Record<string, Record<string, string>> }> = {
  GraphQL: {
    path: '/graphql',
    text: JSON.stringify({ query: '{ me { name } }' }),
    kinds: { 'no credential': {}, session: { cookie: admin.header(), origin }, 'API key': key },
  },
  MCP: {
    path: '/mcp',
    text: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    kinds: { 'no credential': {}, 'API key': key, 'OAuth token': { authorization: `Bearer ${access}` } },
  },
};

/** CPU of one request, in milliseconds; requests follow each other, so that nothing waits. */
async function cost(work: () => Promise<void>): Promise<number> {
  await work();
  open.statements();
  const before = process.cpuUsage();
  for (let index = 0; index < Number(values.requests); index++) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / Number(values.requests);
}

for (const [surface, { path, text, kinds }] of Object.entries(questions)) {
  const costs = new Map(Object.keys(kinds).map((kind) => [kind, [] as number[]]));
  for (let round = 0; round < Number(values.rounds); round++) {
    later += 61_000;
    for (const [kind, headers] of Object.entries(kinds)) costs.get(kind)?.push(await cost(() => ask(path, text, headers)));
  }
  const median = (kind: string) => costs.get(kind)?.toSorted((a, b) => a - b)[Number(values.rounds) >> 1] ?? 0;
  for (const kind of costs.keys()) {
    const more = median(kind) - median('no credential');
    console.log(`${surface}, ${kind}: ${median(kind).toFixed(3)} ms CPU${kind === 'no credential' ? '' : `, ${more.toFixed(3)} more`}`);
  }
}

agent.destroy();
await open.close();
await closed.close();
