import type { Feed } from '../change.ts';
import type { Db } from '../context.ts';
import { createFeed } from './feed.ts';

interface LogOptions {
  db: Db;
  /** From and to the other processes on the database. */
  signals: { send(): void; onSignal(about: 'changes', listener: () => void): void; close(): Promise<void> };
  log: (line: string) => void;
  /** Told when something was committed, here or elsewhere. */
  onCommit: () => void;
}

/** How long another process's commit may go unnoticed when its signal is lost. */
const pollMs = 2000;

/** The change log of the database, woken by commits of this process (`wake`) and of the others. */
export function openLog({ db, signals, log, onCommit }: LogOptions): { feed: Feed; wake(): void; close(): Promise<void> } {
  const feed = createFeed({ db, pollMs, log });
  const hear = () => {
    feed.wake();
    onCommit();
  };
  signals.onSignal('changes', hear);
  const wake = () => {
    hear();
    signals.send();
  };
  const close = async () => {
    feed.close();
    await signals.close();
  };
  return { feed, wake, close };
}
