import { DomainError } from '../errors.ts';
import type { Quota } from '../quota.ts';

/** So many in so many seconds. */
export interface Limit {
  most: number;
  seconds: number;
  /** What is counted, where it is not attempts. */
  of?: 'requests';
}

const mostCounters = 50_000;

/** Counters in this process: with several processes each allows as much. `uptime` never goes back, whatever is done to the clock. */
export function createLimiter(uptime: () => number) {
  const counters = new Map<string, { count: number; until: number }>();

  function current(key: string) {
    const counter = counters.get(key);
    return counter && counter.until > uptime() ? counter : undefined;
  }

  /** Seconds until there is room again; 0 when there is. */
  function wait(key: string, { most }: Limit): number {
    const counter = current(key);
    return counter && counter.count >= most ? Math.ceil((counter.until - uptime()) / 1000) : 0;
  }

  function count(key: string, { seconds }: Limit, uses: number): void {
    const counter = current(key);
    if (counter) counter.count += uses;
    else {
      makeRoom();
      counters.set(key, { count: uses, until: uptime() + seconds * 1000 });
    }
  }

  /** The oldest go first; whoever fills the table has spent more requests than any limit allows. */
  function makeRoom(): void {
    for (const key of counters.keys()) {
      if (counters.size < mostCounters) return;
      counters.delete(key);
    }
  }

  return {
    /** Counts, or refuses with RATE_LIMITED. */
    take(key: string, limit: Limit, uses = 1): void {
      refuse(wait(key, limit), limit);
      count(key, limit, uses);
    },
    /** What is left. */
    left(key: string, { most, seconds }: Limit): Quota {
      const counter = current(key);
      const reset = counter ? Math.ceil((counter.until - uptime()) / 1000) : seconds;
      return { most, seconds, remaining: Math.max(0, most - (counter?.count ?? 0)), reset };
    },
    /** What was counted turned out to be right, where only failures count. */
    giveBack(key: string): void {
      const counter = current(key);
      if (counter && counter.count > 0) counter.count--;
    },
    forget: (key: string) => void counters.delete(key),
  };
}

export type Limiter = ReturnType<typeof createLimiter>;

function refuse(seconds: number, { of: counted = 'attempts' }: { of?: string }): void {
  if (seconds > 0) throw new DomainError('RATE_LIMITED', `Too many ${counted}. Try again in ${seconds} s.`, { retryAfter: seconds });
}
