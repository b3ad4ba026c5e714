import { Client } from 'pg';
import { onServerDatabase } from '../database.ts';
import { serverProcess } from '../server-process.ts';

// `TEST_DATABASE_URL=postgres://… node tests/bench/changes.ts`: what the change log costs a mutation, side by side with
// none, and how long a change takes from a write through one server process to a subscriber of another.

const database = process.env['TEST_DATABASE_URL'];
if (!database) throw new Error('Name a PostgreSQL with TEST_DATABASE_URL.');
const [rounds, perRound, events] = [12, 150, 300];
const json = { 'content-type': 'application/json' };

const sorted = (times: readonly number[]) => times.toSorted((a, b) => a - b);
const at = (times: readonly number[], part: number) => sorted(times)[Math.floor(times.length * part)] ?? 0;

await onServerDatabase(database, async (url) => {
  const [one, other] = [await serverProcess({ DATABASE_URL: url }), await serverProcess({ DATABASE_URL: url })];
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await costs(one.url, client);
    await latency(one.url, other.url);
  } finally {
    await client.end();
    await Promise.all([one.kill(), other.kill()]);
  }
});

/** The same mutations with and without the log's triggers, by turns: whatever else the machine does falls on both. */
async function costs(url: string, client: Client): Promise<void> {
  let serial = 0;
  const send = async (path: string, method: string, body: unknown) => {
    const answer = await fetch(`${url}/api${path}`, { method, headers: json, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
    await answer.text();
  };
  const customer = () => ({ name: 'Bench', email: `bench${++serial}@example.com`, company: 'Bench Inc', phone: '+1 555 0100' });
  await send('/customers', 'POST', customer());
  const mutations = {
    create: () => send('/customers', 'POST', customer()),
    update: () => send('/customers/1', 'PATCH', { phone: `+1 555 ${++serial}`, notes: `Note ${serial}` }),
    'create 100': () => send('/customers/bulk', 'POST', Array.from({ length: 100 }, customer)),
  };
  for (const [what, mutate] of Object.entries(mutations)) {
    const count = what.includes('100') ? perRound / 10 : perRound;
    const times: Record<'with' | 'without', number[]> = { with: [], without: [] };
    for (let n = 0; n < count; n++) await mutate(); // warm
    for (let round = 0; round < rounds; round++) {
      const way = round % 2 ? 'without' : 'with';
      const verb = way === 'with' ? 'ENABLE' : 'DISABLE';
      for (const event of ['insert', 'update']) await client.query(`ALTER TABLE customers ${verb} TRIGGER customers_log_${event}`);
      for (let n = 0; n < count; n++) {
        const began = performance.now();
        await mutate();
        times[way].push(performance.now() - began);
      }
    }
    for (const event of ['insert', 'update']) await client.query(`ALTER TABLE customers ENABLE TRIGGER customers_log_${event}`);
    const [logged, bare] = [at(times.with, 0.5), at(times.without, 0.5)];
    console.log(`${what}: median ${logged.toFixed(2)} ms with the log, ${bare.toFixed(2)} ms without: ${(logged / bare).toFixed(2)} times`);
  }
}

async function latency(writer: string, reader: string): Promise<void> {
  const told = new Map<string, number>();
  const abort = new AbortController();
  const stream = await fetch(`${reader}/api/changes`, { headers: { accept: 'text/event-stream' }, signal: abort.signal });
  void (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of stream.body ?? [])
      for (const [, version] of decoder.decode(chunk, { stream: true }).matchAll(/"version":(\d+)/g))
        told.set(`${version}`, performance.now());
  })().catch(() => {});
  const times: number[] = [];
  for (let n = 0; n < events; n++) {
    const began = performance.now();
    const answer = await fetch(`${writer}/api/customers/1`, {
      method: 'PATCH',
      headers: json,
      body: JSON.stringify({ notes: `Event ${n}` }),
    });
    const { version } = (await answer.json()) as { version: number };
    while (!told.has(`${version}`)) await new Promise((resolve) => setImmediate(resolve));
    times.push((told.get(`${version}`) ?? 0) - began);
  }
  abort.abort();
  console.log(
    `from the request to one process to the event of the other: p50 ${at(times, 0.5).toFixed(1)} ms, p99 ${at(times, 0.99).toFixed(1)} ms, of ${events}`,
  );
}
