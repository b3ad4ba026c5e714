import type { Principal } from '../access.ts';
import type { Entry } from '../change.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';

/** A feed that tells nothing more once the one who asked is no longer who they were: they may ask again, as who they are now. */
export function whileAllowed(
  feed: Context['feed'],
  principal: Principal | null,
  recheck: () => Promise<Principal | null> | undefined,
): Context['feed'] {
  return {
    follow: (filter, options) => {
      const expected = JSON.stringify(principal);
      const see = async (entries: Entry[]) => {
        if (JSON.stringify(await recheck()) !== expected)
          throw new DomainError('UNAUTHENTICATED', 'What you may see has changed. Subscribe again, from the last cursor.');
        return options.see ? options.see(entries) : entries;
      };
      return feed.follow(filter, { ...options, see });
    },
  };
}
