/** Small and repeatable (mulberry32): the same seed makes the same data on every machine. */
export interface Random {
  /** A whole number from min to max, both included. */
  whole(min: number, max: number): number;
  pick<T>(from: readonly T[]): T;
  chance(probability: number): boolean;
}

export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    whole,
    // The index is always within the list; only the compiler cannot know.
    pick: <T>(from: readonly T[]) => from[whole(0, from.length - 1)] as T,
    chance: (probability) => next() < probability,
  };
}
