import { essence, sequence, workloads } from './compare/workloads.ts';
import { benchDatabase } from './database.ts';
import { generator } from './generator.ts';
import { allowKey, type BenchServer, startOurs, startPeer } from './servers.ts';

// `npm run bench -- gate`, for CI, in under a minute: how much less processor time a request takes here than it does of
// PostGraphile, which depends little on how busy the machine is. Fails below these ratios.
const least: Record<string, number> = { W1: 2.5, W2: 3, W3: 2.5 };
const [rounds, milliseconds] = [3, 1000];

const database = await benchDatabase();
if (!database) process.exit(1);
await allowKey(database.url);
const servers = { ours: await startOurs(database.url), peer: await startPeer(database.url) };
const { send, warm, stop } = generator();
try {
  for (const workload of workloads.filter(({ name }) => name in least)) {
    const costs = { ours: [] as number[], peer: [] as number[] };
    const answers = await Promise.all((['ours', 'peer'] as const).map((side) => servers[side].ask(workload[side], { id: 7 })));
    if (JSON.stringify(essence(answers[0])) !== JSON.stringify(essence(answers[1])))
      throw new Error(`${workload.name}: the answers differ.`);
    for (let round = 0; round < rounds; round++)
      for (const side of ['ours', 'peer'] as const) costs[side].push(await cost(servers[side], workload[side], round === 0));
    const [ours = 0, peer = 0] = [costs.ours, costs.peer].map((all) => all.toSorted((a, b) => a - b)[1]);
    const ratio = peer / ours;
    console.log(
      `${workload.name}: ${ours.toFixed(3)} ms of processor time per request, PostGraphile ${peer.toFixed(3)}: ${ratio.toFixed(2)} times`,
    );
    if (ratio < (least[workload.name] ?? 0)) {
      console.error(`${workload.name} has to be ${least[workload.name]} times or more.`);
      process.exitCode = 1;
    }
  }
} finally {
  stop();
  await Promise.all([servers.ours.stop(), servers.peer.stop()]);
}

/** Milliseconds of processor time per request. */
async function cost({ port, request, cpu }: BenchServer, document: string, isFirst: boolean): Promise<number> {
  const requests = Array.from({ length: 100 }, (_, index) => request(document, { id: 1 + index * 150 }));
  const load = { port, requests, sequence, connections: 16 };
  await warm(load, isFirst ? 2000 : 1);
  const before = cpu();
  const { requests: sent, failures } = await send({ ...load, milliseconds });
  if (failures) throw new Error(`${failures} of ${sent} requests failed.`);
  return ((cpu() - before) / sent) * 1000;
}
