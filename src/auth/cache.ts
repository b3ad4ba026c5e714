import type { Principal } from '../access.ts';

const keptMs = 10_000;
const mostEntries = 5000;

/**
 * Who a credential stands for. Short-lived, in case the signal is lost by which another process ends it. Measured by
 * `uptime`, which never goes back: a clock that is set back must not keep alive what was revoked.
 */
export function createCache(now: () => Date, uptime: () => number) {
  const entries = new Map<string, { principal: Principal; until: number }>();
  /** How often everything was forgotten: what was read before that may be out of date. */
  let age = 0;
  return {
    age: () => age,
    get(fingerprint: string): Principal | undefined {
      const entry = entries.get(fingerprint);
      if (!entry) return undefined;
      if (entry.until > uptime()) return entry.principal;
      entries.delete(fingerprint);
      return undefined;
    },
    /** Keeps what was looked up when the cache was of this age. */
    set(fingerprint: string, principal: Principal, expiresAt: Date | null, readAt: number): void {
      if (readAt !== age) return;
      if (entries.size >= mostEntries) for (const oldest of entries.keys()) if (entries.delete(oldest)) break;
      const left = expiresAt ? expiresAt.getTime() - now().getTime() : keptMs;
      entries.set(fingerprint, { principal, until: uptime() + Math.min(left, keptMs) });
    },
    /** Something about people has changed, and is committed. */
    forget(): void {
      entries.clear();
      age++;
    },
  };
}

export type Cache = ReturnType<typeof createCache>;
