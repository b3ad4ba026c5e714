import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import packageJson from '../../package.json' with { type: 'json' };
import { essence, sequence, type Workload, workloads } from './compare/workloads.ts';
import { benchDatabase, customers } from './database.ts';
import { type Generator, generator } from './generator.ts';
import type { Measured } from './load.ts';
import { allowKey, type BenchServer, get, key, peer, startOurs, startPeer } from './servers.ts';

// This server and PostGraphile on the same rows of the same database, in turns, after their answers were found to be equal.
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    connections: { type: 'string', default: '1,16,64' },
    workloads: { type: 'string', default: workloads.map(({ name }) => name).join() },
  },
});
const chosen = workloads.filter(({ name }) => values.workloads.split(',').includes(name));
const connections = values.connections.split(',').map(Number);

type Side = 'ours' | 'peer';
const sides: readonly Side[] = ['ours', 'peer'];

const database = await benchDatabase();
if (database) await compare(database);

async function compare({ url, server }: { url: string; server: string }): Promise<void> {
  await allowKey(url);
  const servers: Record<Side, BenchServer> = { ours: await startOurs(url), peer: await startPeer(url) };
  const load = generator();
  try {
    console.log(`Facet CRM ${packageJson.version} and ${peer}, both on Node ${process.version}, ${server}, ${customers} customers.`);
    console.log(
      `${cpus().length} × ${cpus()[0]?.model.trim()}, shared with PostgreSQL and the load; medians of ${values.rounds} rounds.\n`,
    );
    const requests = new Map<Workload, Record<Side, string[]>>();
    for (const workload of chosen) requests.set(workload, await prepare(workload, servers));

    console.log('              connections   ours/s   peer/s    ratio   p50 ms (peer)   p99 ms (peer)   CPU ms (peer)');
    for (const count of connections) {
      for (const [workload, texts] of requests) report(workload, count, await measure(load, servers, texts, count));
    }
    await rest(load, servers.ours);
    for (const side of sides) {
      const { coldMs, memory } = servers[side];
      console.log(`${side}: ${coldMs.toFixed(0)} ms from start to first answer, ${memory().toFixed(0)} MiB after all of this`);
    }
  } finally {
    load.stop();
    for (const side of sides) await servers[side].stop();
  }
}

/** The same reads over REST; there is no peer for them. */
async function rest({ send, warm }: Generator, { port }: BenchServer): Promise<void> {
  const headers = { authorization: `Bearer ${key}` };
  for (const path of ['/api/customers?first=25', '/api/customers/1']) {
    const load = { port, requests: [get(port, path, headers)], sequence, connections: 16 };
    await warm(load, 1000);
    const { requests, seconds, p50, p99, failures } = await send({ ...load, milliseconds: Number(values.seconds) * 1000 });
    if (failures) throw new Error(`${failures} of ${requests} requests to ${path} failed.`);
    console.log(`ours, GET ${path}: ${(requests / seconds).toFixed(0)}/s, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
  }
}

/** Requests for both; throws unless both answer them alike. */
async function prepare(workload: Workload, servers: Record<Side, BenchServer>): Promise<Record<Side, string[]>> {
  const random = randomFrom(1);
  const asked = Array.from({ length: workload.variables ? 500 : 1 }, () => workload.variables?.(random));
  const requests: Record<Side, string[]> = { ours: [], peer: [] };
  const after: Partial<Record<Side, string>> = {};
  for (const side of sides) {
    const begin = workload.after && ((await servers[side].ask(workload.after[side])) as Ended);
    after[side] = begin?.answer.pageInfo.endCursor ?? '';
    const own = begin && { after: after[side] };
    requests[side] = asked.map((variables) => servers[side].request(workload[side], { ...variables, ...own }));
  }
  for (const variables of asked.slice(0, 20)) {
    const [ours, theirs] = await Promise.all(
      sides.map(async (side) =>
        JSON.stringify(essence(await servers[side].ask(workload[side], { ...variables, ...(workload.after && { after: after[side] }) }))),
      ),
    );
    if (ours !== theirs) throw new Error(`${workload.name}: the answers differ.\n${ours}\n${theirs}`);
  }
  return requests;
}

interface Ended {
  answer: { pageInfo: { endCursor: string } };
}

type Cell = Record<Side, (Measured & { cpu: number })[]>;

async function measure(
  { send, warm }: Generator,
  servers: Record<Side, BenchServer>,
  requests: Record<Side, string[]>,
  connections: number,
): Promise<Cell> {
  const cell: Cell = { ours: [], peer: [] };
  for (let round = 0; round < Number(values.rounds); round++) {
    // Who begins changes, so that neither always meets what the other left behind.
    for (const side of round % 2 ? sides.toReversed() : sides) {
      const { port, cpu } = servers[side];
      const load = { port, requests: requests[side], sequence, connections };
      await warm(load, round ? 1 : 1000);
      const before = cpu();
      const measured = await send({ ...load, milliseconds: Number(values.seconds) * 1000 });
      if (measured.failures) throw new Error(`${measured.failures} of ${measured.requests} requests failed (${side}).`);
      cell[side].push({ ...measured, cpu: ((cpu() - before) / measured.requests) * 1000 });
    }
  }
  return cell;
}

function report({ name, about }: Workload, connections: number, { ours, peer: theirs }: Cell): void {
  const rate = ({ requests, seconds }: Measured) => requests / seconds;
  const both = (of: (cell: Cell['ours'][number]) => number, places: number) => {
    const [own, other] = [ours, theirs].map((cells) => median(cells.map(of)).toFixed(places));
    return `${own} (${other})`.padStart(15);
  };
  const ratios = ours.map((cell, round) => rate(cell) / rate(theirs[round] ?? cell));
  const figures = [median(ours.map(rate)), median(theirs.map(rate))].map((value) => value.toFixed(0).padStart(8));
  const [p50, p99, cpu] = [both(({ p50 }) => p50, 1), both(({ p99 }) => p99, 1), both(({ cpu }) => cpu, 2)];
  console.log(
    `${name} ${String(connections).padStart(22)} ${figures.join(' ')} ${median(ratios).toFixed(2).padStart(8)} ${p50} ${p99} ${cpu}   ${about}`,
  );
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** The same numbers on every run. */
function randomFrom(seed: number) {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}
