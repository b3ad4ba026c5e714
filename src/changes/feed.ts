import { setTimeout as wait } from 'node:timers/promises';
import type { Entry, EntryFilter, Feed, FollowOptions, Position } from '../change.ts';
import type { Db } from '../context.ts';
import { replaced } from './epoch.ts';
import { comparePositions } from './position.ts';
import { hasUnsettled, readChanges, readHead } from './read.ts';

/** Entries kept in memory for followers that keep up; the others read the table. */
const ringSize = 2000;
const batchSize = 200;
/** How soon to look again while a running transaction holds back entries that are there already; doubled each time, to the limit. */
const patience = { firstMs: 15, mostMs: 250 } as const;

interface FeedOptions {
  db: Db;
  /** How often to look without being told; a lost hint costs this much and never an entry. */
  pollMs: number;
  log: (line: string) => void;
}

export function createFeed({ db, pollMs, log }: FeedOptions): Feed {
  /** The newest entries in order; `start` is the place before the first of them. */
  let ring: Entry[] = [];
  let start: Position | undefined;
  const followers = new Set<Follower>();
  let closed = false;
  let hinted = false;
  let reading = false;
  let pause: number = patience.firstMs;
  /** How often there was something to look at, and the followers that wait for the next time. */
  let announced = 0;
  const waiting = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;

  const announce = () => {
    announced++;
    const woken = [...waiting];
    waiting.clear();
    for (const wake of woken) wake();
  };

  async function read(): Promise<void> {
    hinted = true;
    if (reading || closed) return;
    reading = true;
    try {
      while (hinted && !closed && followers.size > 0) {
        hinted = false;
        if (await advance()) hinted = true;
      }
    } catch (error) {
      log(`The change log could not be read; trying again in ${pollMs} ms. ${error instanceof Error ? error.message : error}`);
    } finally {
      reading = false;
    }
  }

  /** Reads what is new; true when there is, or soon will be, more. */
  async function advance(): Promise<boolean> {
    if (!start) {
      start = await readHead({ db });
      // Followers may have looked before that: what was committed between the two is in the table only.
      announce();
    }
    const fresh = await readChanges({ db }, {}, { after: ring.at(-1) ?? start, limit: batchSize });
    if (fresh.length) {
      ring.push(...fresh);
      const dropped = ring.splice(0, Math.max(0, ring.length - ringSize));
      start = dropped.at(-1) ?? start;
      announce();
      pause = patience.firstMs;
      return true;
    }
    if (!(await hasUnsettled({ db }))) return false;
    await wait(pause);
    pause = Math.min(pause * 2, patience.mostMs);
    return true;
  }

  /** The entries after a place, from memory if they are all there, otherwise from the table. */
  async function entriesAfter(position: Position): Promise<Entry[]> {
    if (start && comparePositions(position, start) >= 0) {
      const from = firstAfter(ring, position);
      return ring.slice(from, from + batchSize);
    }
    return readChanges({ db }, {}, { after: position, limit: batchSize });
  }

  /** One who is told; a class, because thousands of them wait at once and share their methods. */
  class Follower implements AsyncIterableIterator<Entry> {
    private done = false;
    private position: Position;
    private ready: Entry[] = [];
    private failure: { error: unknown } | undefined;
    private wake: (() => void) | undefined;
    private readonly accepts: (entry: Entry) => boolean;
    private readonly options: FollowOptions;
    private readonly stop = () => this.end();

    constructor(filter: EntryFilter, options: FollowOptions) {
      this.position = options.since;
      this.options = options;
      this.accepts = acceptor(filter);
      followers.add(this);
      options.signal?.addEventListener('abort', this.stop);
      if (options.signal?.aborted || closed) this.end();
    }

    /** Whether it may still see anything; ends it where it may not. */
    recheck(): void {
      this.options.see?.([]).catch((error: unknown) => {
        this.failure = { error };
        this.end();
      });
    }

    async next(): Promise<IteratorResult<Entry>> {
      // Whoever gets an error does not come back to say that it has stopped.
      const entry = await this.take().catch((error) => {
        this.end();
        throw error;
      });
      if (entry) return { done: false, value: entry };
      this.end();
      // Once: whoever asks again after an error is told that this is the end.
      const { failure } = this;
      this.failure = undefined;
      if (failure) throw failure.error;
      return { done: true, value: undefined };
    }

    async return(): Promise<IteratorResult<Entry>> {
      this.end();
      return { done: true, value: undefined };
    }

    [Symbol.asyncIterator](): this {
      return this;
    }

    private end(): void {
      if (this.done) return;
      this.done = true;
      this.ready = [];
      if (this.wake) waiting.delete(this.wake);
      this.wake?.();
      this.options.signal?.removeEventListener('abort', this.stop);
      followers.delete(this);
      this.options.onEnd?.();
      if (followers.size === 0) rest();
    }

    /** The next entry, undefined at the end. */
    private async take(): Promise<Entry | undefined> {
      while (!this.done && !closed) {
        const entry = this.ready.shift();
        if (entry) return entry;
        const seen = announced;
        const found = await this.look();
        if (!found && seen === announced && !this.done && !closed) await new Promise<void>((resolve) => waiting.add((this.wake = resolve)));
      }
      return undefined;
    }

    /** Reads on; whether there was anything, be it for this one or not. */
    private async look(): Promise<boolean> {
      const batch = await entriesAfter(this.position);
      const last = batch.at(-1);
      if (!last) return false;
      if (this.position.epoch && last.epoch !== this.position.epoch) throw replaced();
      this.position = { epoch: last.epoch, xid: last.xid, id: last.id };
      const asked = batch.filter(this.accepts);
      const { see } = this.options;
      this.ready = see && asked.length ? await see(asked) : asked;
      return true;
    }
  }

  function follow(filter: EntryFilter, options: FollowOptions): AsyncIterableIterator<Entry> {
    const follower = new Follower(filter, options);
    timer ??= setInterval(() => {
      void read();
      // What lets a follower listen may have been ended by another process.
      for (const each of followers) each.recheck();
    }, pollMs).unref();
    if (followers.size === 0) rest();
    void read();
    return follower;
  }

  /** Without followers nothing is read and nothing kept. */
  function rest(): void {
    clearInterval(timer);
    timer = undefined;
    ring = [];
    start = undefined;
  }

  return {
    followers: () => followers.size,
    wake: () => {
      if (followers.size > 0) void read();
    },
    follow,
    recheck: () => {
      for (const each of followers) each.recheck();
    },
    close: () => {
      closed = true;
      rest();
      announce();
    },
  };
}

/** Index of the first entry after a place, by halving: the ring is sorted. */
function firstAfter(ring: readonly Entry[], position: Position): number {
  let [low, high] = [0, ring.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = ring[middle];
    if (entry && comparePositions(entry, position) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function acceptor({ tables, recordIds, ops, actor, surface, changeSet }: EntryFilter): (entry: Entry) => boolean {
  const [table, record, op] = [tables && new Set(tables), recordIds && new Set(recordIds), ops && new Set(ops)];
  return (entry) =>
    (!table || table.has(entry.table)) &&
    (!record || record.has(entry.recordId)) &&
    (!op || op.has(entry.op)) &&
    (actor === undefined || actor === entry.actor) &&
    (surface === undefined || surface === entry.surface) &&
    (changeSet === undefined || changeSet === entry.changeSet);
}
