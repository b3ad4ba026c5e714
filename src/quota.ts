/** What is left to whoever sent a request. */
export interface Quota {
  most: number;
  seconds: number;
  remaining: number;
  /** Seconds until all of it is there again. */
  reset: number;
}

const quotas = new WeakMap<Request, Quota>();

/** Told by whoever counts requests. */
export const noteQuota = (request: Request, quota: Quota): void => void quotas.set(request, quota);

/** What the answer to a request says of it, as the IETF's draft has it (draft-ietf-httpapi-ratelimit-headers-10). */
export function quotaHeaders(request: Request): Record<string, string> {
  const quota = quotas.get(request);
  if (!quota) return {};
  const { most, seconds, remaining, reset } = quota;
  return { 'ratelimit-policy': `"requests";q=${most};w=${seconds}`, ratelimit: `"requests";r=${remaining};t=${reset}` };
}
