import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DomainError } from '../errors.ts';

/** Where the process that holds an embedded database answers others: in the directory, which nobody else may enter. */
function socketPath(dataDir: string): string {
  const path = join(dataDir, 'backup.sock');
  const nearer = relative(process.cwd(), path);
  // Systems allow about a hundred bytes.
  return nearer.length < path.length ? nearer : path;
}

/** Gives whoever connects a copy of the database; returns what stops it. Without a socket, backups have to wait for this process to end. */
export async function answerBackups(dataDir: string, copy: () => Promise<Blob>): Promise<() => Promise<void>> {
  const path = socketPath(dataDir);
  // The lock is ours, so whoever left it is gone.
  rmSync(path, { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => {});
    answer(socket, copy).catch(() => socket.destroy());
  });
  const listening = once(server.listen(path), 'listening').then(
    () => true,
    () => false,
  );
  if (!(await listening)) return async () => {};
  server.unref();
  return async () => {
    const closed = once(server, 'close');
    server.close();
    await closed;
  };
}

async function answer(socket: Socket, copy: () => Promise<Blob>): Promise<void> {
  try {
    const blob = await copy();
    socket.write(`${blob.size}\n`);
    await pipeline(blob.stream(), socket);
  } catch (error) {
    socket.end(`${error instanceof Error ? error.message : error}\n`);
  }
}

/** The copy that the running process gives, as it arrives; undefined when nobody answers. */
export async function requestBackup(dataDir: string): Promise<AsyncIterable<Uint8Array> | undefined> {
  const socket = createConnection(socketPath(dataDir));
  try {
    await once(socket, 'connect');
  } catch {
    return undefined;
  }
  return whole(socket);
}

/** What follows the first line, which tells how much that is. A copy that was cut off must not pass for one. */
async function* whole(socket: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  let head = Buffer.alloc(0);
  let missing: number | undefined;
  for await (const chunk of socket) {
    let part = chunk;
    if (missing === undefined) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\n');
      if (end < 0) continue;
      const line = head.subarray(0, end).toString();
      if (!/^\d+$/.test(line)) throw new DomainError('UNAVAILABLE', `The running server cannot make a copy: ${line}`);
      missing = Number(line);
      part = head.subarray(end + 1);
    }
    missing -= part.length;
    yield part;
  }
  if (missing !== 0) throw new DomainError('UNAVAILABLE', 'The running server stopped before the copy was complete.');
}
