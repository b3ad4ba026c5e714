import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Load, Measured } from './load.ts';

/** Sends load from a process of its own, so that what it costs is not the server's. */
export interface Generator {
  send(load: Load): Promise<Measured>;
  /** Until the server has compiled what it runs, or ten seconds are over. */
  warm(load: Omit<Load, 'milliseconds'>, least: number): Promise<void>;
  stop(): void;
}

export function generator(): Generator {
  const child = fork(join(import.meta.dirname, 'load.ts'));
  const send = (load: Load) =>
    new Promise<Measured>((resolve, reject) => {
      const ended = () => reject(new Error('The load generator ended.'));
      child.once('exit', ended);
      child.once('message', (measured: Measured) => {
        child.off('exit', ended);
        resolve(measured);
      });
      child.send(load);
    });
  return {
    send,
    warm: async (load, least) => {
      const until = performance.now() + 10_000;
      for (let done = 0; done < least && performance.now() < until; ) done += (await send({ ...load, milliseconds: 300 })).requests;
    },
    stop: () => child.kill(),
  };
}
