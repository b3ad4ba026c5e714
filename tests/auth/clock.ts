import { beforeEach } from 'vitest';

export interface Clock {
  now(): Date;
  pass(ms: number): void;
}

/** By which each test of a file comes so much later than the one before, so that they do not share what is allowed in a while. */
export function clockOfTests(stepMs: number): Clock {
  let passed = 0;
  const pass = (ms: number) => {
    passed += ms;
  };
  beforeEach(() => pass(stepMs));
  return { now: () => new Date(Date.now() + passed), pass };
}
