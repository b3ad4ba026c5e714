/** How long things take, in milliseconds. Tests hurry. */
export interface Timing {
  /** How often to look without being told. */
  pollMs: number;
  /** An answer has to come within this time. */
  timeoutMs: number;
  /** How long an endpoint stays with a process that has died; longer than any attempt. */
  leaseMs: number;
  /** An endpoint with much to come makes way for others after this. */
  turnMs: number;
  firstRetryMs: number;
  longestRetryMs: number;
  /** Nothing but failures for so long pauses the endpoint. */
  pauseAfterMs: number;
}

const hour = 3_600_000;

export const usualTiming: Timing = {
  pollMs: 2000,
  timeoutMs: 15_000,
  leaseMs: 60_000,
  turnMs: 10_000,
  firstRetryMs: 5000,
  longestRetryMs: 24 * hour,
  pauseAfterMs: 72 * hour,
};

/** Four times as long after every failure, give or take a fifth: receivers that failed together are not asked together. */
export function retryDelay({ firstRetryMs, longestRetryMs }: Timing, attempts: number): number {
  const delay = firstRetryMs * 4 ** Math.min(attempts - 1, 20) * (0.8 + Math.random() * 0.4);
  return Math.min(delay, longestRetryMs);
}
