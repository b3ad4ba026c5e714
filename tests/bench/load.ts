import { connect, type Socket } from 'node:net';

// A process of its own that sends requests over so many connections, each with one request at a time, and measures.

export interface Load {
  port: number;
  /** Whole HTTP requests, taken in turn. */
  requests: string[];
  /** Text in the requests that each gets a number of its own in place of. */
  sequence: string;
  connections: number;
  milliseconds: number;
}

export interface Measured {
  requests: number;
  failures: number;
  seconds: number;
  p50: number;
  p99: number;
}

let last = Date.now() % 1_000_000_000;

process.on('message', (load: Load) => void run(load).then((measured) => process.send?.(measured)));

async function run({ port, requests, sequence, connections, milliseconds }: Load): Promise<Measured> {
  const texts = requests.map((text) => ({ bytes: Buffer.from(text), number: Buffer.from(text).indexOf(sequence) }));
  const times: number[] = [];
  let failures = 0;
  let next = 0;
  const begin = performance.now();
  const until = begin + milliseconds;

  const client = async () => {
    const socket = connect(port, '127.0.0.1').setNoDelay();
    const answers = responses(socket);
    while (performance.now() < until) {
      const { bytes, number } = texts[next++ % texts.length] ?? { bytes: Buffer.of(), number: -1 };
      if (number >= 0) bytes.write(String(last++).padStart(sequence.length, '0'), number, 'latin1');
      const start = performance.now();
      // A copy: the socket may send it later, when the number is another's already.
      socket.write(number >= 0 ? Buffer.from(bytes) : bytes);
      const { value: isGood, done } = await answers.next();
      if (done) throw new Error('The server closed a connection.');
      if (!isGood) failures++;
      times.push(performance.now() - start);
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: connections }, client));
  const seconds = (performance.now() - begin) / 1000;
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.floor(times.length * part)] ?? 0;
  return { requests: times.length, failures, seconds, p50: at(0.5), p99: at(0.99) };
}

/** Whether each response is one without errors. Reads no more of HTTP than servers answer JSON with. */
async function* responses(socket: Socket): AsyncGenerator<boolean> {
  let buffered = '';
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    buffered += chunk.toString('latin1');
    const head = buffered.indexOf('\r\n\r\n');
    if (head < 0) continue;
    const length = /\r\ncontent-length: *(\d+)/i.exec(buffered.slice(0, head))?.[1];
    const isWhole = length === undefined ? buffered.endsWith('\r\n0\r\n\r\n') : buffered.length >= head + 4 + Number(length);
    if (!isWhole) continue;
    const isGood = /^HTTP\/1\.1 20\d/.test(buffered) && !buffered.includes('"errors":[') && !buffered.includes('"isError":true');
    buffered = '';
    yield isGood;
  }
}
