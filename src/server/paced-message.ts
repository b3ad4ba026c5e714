import { IncomingMessage } from 'node:http';

/** One piece, of 64 kB at most, is read so often: some 16 MB a second, whoever sends them. */
const everyMs = 4;

/** Whose turn is still to come, in the order in which they asked. */
const waiting = new Map<PacedMessage, () => void>();
let turns: NodeJS.Timeout | undefined;

function takeTurn(): void {
  const [first] = waiting;
  if (first) {
    const [message, read] = first;
    waiting.delete(message);
    read();
  }
  if (waiting.size > 0) return;
  clearInterval(turns);
  turns = undefined;
}

/**
 * A request whose body is read at a pace as long as nobody listens to it. Whoever was refused may still be sending, and
 * has to be let finish to see the answer; but what is read to be thrown away is garbage all the same, and collecting it at
 * the speed of a network holds up every other request.
 */
export class PacedMessage extends IncomingMessage {
  private isWatched = false;

  /** False, and the socket is not read on before `_read` asks for it. */
  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    const more = super.push(chunk, encoding);
    if (this.isHeard()) return more;
    // Of requests that were sent together, Node resumes the socket a moment after the next one has had it paused.
    if (this.socket.isPaused()) this.socket.emit('pause');
    return false;
  }

  override _read(size: number): void {
    if (this.isHeard()) return void super._read(size);
    if (!this.isWatched) this.once('close', () => waiting.delete(this));
    this.isWatched = true;
    waiting.set(this, () => super._read(size));
    turns ??= setInterval(takeTurn, everyMs).unref();
  }

  /** What Node calls once the answer is out and the body is not; its own way reads as fast as it can. */
  _dump(): void {
    this.resume();
  }

  private isHeard(): boolean {
    return this.listenerCount('data') > 0 || this.listenerCount('readable') > 0;
  }
}
