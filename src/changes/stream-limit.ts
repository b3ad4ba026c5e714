import type { Principal } from '../access.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';

/**
 * Feeds that count the open streams of each credential in this process: opening one counts once as a request, and it
 * stays. `most` 0: any number.
 */
export function createStreamLimit(most: number) {
  const open = new Map<string, number>();
  const close = (credential: string) => {
    const left = (open.get(credential) ?? 1) - 1;
    if (left > 0) open.set(credential, left);
    else open.delete(credential);
  };

  return (feed: Context['feed'], principal: Principal | null): Context['feed'] => ({
    follow: (filter, options) => {
      const credential = principal?.credentialId ?? '';
      const count = open.get(credential) ?? 0;
      if (most > 0 && count >= most) {
        throw new DomainError(
          'RATE_LIMITED',
          `This credential has ${most} event streams open, which is the most. Close those that are no longer read; one stream can follow several resources.`,
        );
      }
      open.set(credential, count + 1);
      return feed.follow(filter, { ...options, onEnd: () => close(credential) });
    },
  });
}
