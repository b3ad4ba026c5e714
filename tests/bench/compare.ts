import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import packageJson from '../../package.json' with { type: 'json' };
import { essence, sequence, type Workload, workloads } from './compare/workloads.ts';
import { benchDatabase, customers } from './database.ts';
import { type Generator, generator } from './generator.ts';
import type { Measured } from './load.ts';
import { writeReport } from './report.ts';
import { allowKey, type BenchServer, peer, startFloor, startOurs, startPeer } from './servers.ts';
import { surfaces } from './surfaces.ts';

// This server, PostGraphile and hand-written statements on the same rows of the same database, in turns, after their
// answers were found to be equal. `--write` puts the figures into docs/performance.md.
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    connections: { type: 'string', default: '1,16,64' },
    workloads: { type: 'string', default: workloads.map(({ name }) => name).join() },
    write: { type: 'boolean', default: false },
  },
});
const chosen = workloads.filter(({ name }) => values.workloads.split(',').includes(name));
const connections = values.connections.split(',').map(Number);

type Side = 'ours' | 'peer' | 'floor';
const sides: readonly Side[] = ['ours', 'peer', 'floor'];

const database = await benchDatabase();
if (database) await compare(database);

async function compare({ url, server }: { url: string; server: string }): Promise<void> {
  await allowKey(url);
  const statements = Object.fromEntries(chosen.flatMap(({ name, floor }) => (floor ? [[name, floor]] : [])));
  const servers: Record<Side, BenchServer> = {
    ours: await startOurs(url),
    peer: await startPeer(url),
    floor: await startFloor(url, statements),
  };
  const load = generator();
  const report: string[] = [];
  const say = (line: string) => {
    report.push(line);
    console.log(line);
  };
  try {
    say(`Facet CRM ${packageJson.version} and ${peer}, both on Node ${process.version}, ${server}, ${customers} customers;`);
    say(
      `${cpus().length} × ${cpus()[0]?.model.trim()}, shared with PostgreSQL and the load; medians of ${values.rounds} rounds. The other server’s figures in brackets.\n`,
    );
    say('| | connections | requests/s | ratio | p50 ms | p99 ms | CPU ms per request | CPU ratio | ÷ by hand |');
    say('|---|---:|---:|---:|---:|---:|---:|---:|---:|');
    const requests = new Map<Workload, Record<Side, string[]>>();
    for (const workload of chosen) requests.set(workload, await prepare(workload, servers));
    for (const count of connections)
      for (const [workload, texts] of requests) say(row(workload, count, await measure(load, servers, texts, count)));
    say('');
    for (const line of await surfaces(load, servers.ours, Number(values.seconds))) say(line);
    say('');
    for (const side of ['ours', 'peer'] as const) {
      const { coldMs, memory } = servers[side];
      say(`${side}: ${coldMs.toFixed(0)} ms from start to first answer, ${memory().toFixed(0)} MiB after all of this.`);
    }
    if (values.write) await writeReport(report);
  } finally {
    load.stop();
    for (const side of sides) await servers[side].stop();
  }
}

/** Requests for all; throws unless they are answered alike. A question without a statement by hand has none for the floor. */
async function prepare(workload: Workload, servers: Record<Side, BenchServer>): Promise<Record<Side, string[]>> {
  const random = randomFrom(1);
  const asked = Array.from({ length: workload.variables ? 500 : 1 }, () => workload.variables?.(random) ?? {});
  const texts: Record<Side, string> = { ours: workload.ours, peer: workload.peer, floor: workload.name };
  const able = sides.filter((side) => side !== 'floor' || workload.floor);
  const requests: Record<Side, string[]> = { ours: [], peer: [], floor: [] };
  const given: Partial<Record<Side, (variables: Record<string, unknown>) => Record<string, unknown>>> = {};
  for (const side of able) {
    const begin = workload.after && side !== 'floor' && ((await servers[side].ask(workload.after[side])) as Ended);
    const own = begin ? { after: begin.answer.pageInfo.endCursor } : {};
    const variablesOf = (variables: Record<string, unknown>) => ({
      ...(side === 'peer' && workload.peerVariables ? workload.peerVariables() : variables),
      ...own,
    });
    given[side] = variablesOf;
    requests[side] = asked.map((variables) => servers[side].request(texts[side], variablesOf(variables)));
  }
  for (const variables of asked.slice(0, 20)) {
    const answers = await Promise.all(
      able.map(async (side) => JSON.stringify(essence(await servers[side].ask(texts[side], given[side]?.(variables))))),
    );
    const [first] = answers;
    if (answers.some((answer) => answer !== first)) throw new Error(`${workload.name}: the answers differ.\n${answers.join('\n')}`);
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
  count: number,
): Promise<Cell> {
  const cell: Cell = { ours: [], peer: [], floor: [] };
  const able = sides.filter((side) => requests[side].length);
  for (let round = 0; round < Number(values.rounds); round++) {
    // Who begins changes, so that none always meets what the others left behind.
    for (const side of round % 2 ? able.toReversed() : able) {
      const { port, cpu } = servers[side];
      const load = { port, requests: requests[side], sequence, connections: count };
      await warm(load, round ? 1 : 1000);
      const before = cpu();
      const measured = await send({ ...load, milliseconds: Number(values.seconds) * 1000 });
      if (measured.failures) throw new Error(`${measured.failures} of ${measured.requests} requests failed (${side}).`);
      cell[side].push({ ...measured, cpu: ((cpu() - before) / measured.requests) * 1000 });
    }
  }
  return cell;
}

function row({ name }: Workload, count: number, { ours, peer: theirs, floor }: Cell): string {
  const rate = ({ requests, seconds }: Measured) => requests / seconds;
  const both = (of: (cell: Cell['ours'][number]) => number, places: number) => {
    const [own = '', other = ''] = [ours, theirs].map((cells) => median(cells.map(of)).toFixed(places));
    return `${own} (${other})`;
  };
  const ratio = (others: Cell['ours'], of: (own: Cell['ours'][number], other: Cell['ours'][number]) => number) =>
    others.length ? median(ours.map((own, round) => of(own, others[round] ?? own))).toFixed(2) : '';
  const cells = [
    name,
    count,
    both(rate, 0),
    ratio(theirs, (own, other) => rate(own) / rate(other)),
    both(({ p50 }) => p50, 1),
    both(({ p99 }) => p99, 1),
    both(({ cpu }) => cpu, 2),
    ratio(theirs, (own, other) => other.cpu / own.cpu),
    ratio(floor, (own, other) => rate(own) / rate(other)),
  ];
  return `| ${cells.join(' | ')} |`;
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

/** The same numbers on every run. */
function randomFrom(seed: number) {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}
