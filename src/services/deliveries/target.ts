import { lookup as askDns } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The addresses of a name. */
export type Resolve = (hostname: string) => Promise<{ address: string; family: number }[]>;

export const resolveByDns: Resolve = (hostname) => askDns(hostname, { all: true });

/** Somewhere on the public internet: not this machine, its network, its cloud's metadata, or a tunnel to one of them. */
export const isPublic = (address: string): boolean => ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';

/** What is wrong with a URL as a target, as far as it can be told without DNS; undefined when nothing is. */
export function refusalOf(text: string, allowPrivate: boolean): string | undefined {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) return 'is not a web address such as https://example.com/hooks';
  if (url.username || url.password) return 'contains a user name or password; receivers know us by the signature instead';
  if (allowPrivate) return undefined;
  if (url.protocol !== 'https:') return 'must begin with https://';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const local = isIP(host) ? !isPublic(host) : /(^|\.)localhost\.?$/.test(host);
  return local ? `points to ${host}, which is this machine or a private network` : undefined;
}

/**
 * Looks a name up for a connection that is about to be made, and refuses private addresses. The connection goes to
 * the very addresses that were checked: a name that answers otherwise a moment later gains nothing.
 */
export const publicLookup =
  (resolve: Resolve, allowPrivate: boolean): LookupFunction =>
  (hostname, { all }, callback) => {
    resolve(hostname).then(
      (found) => {
        const [first] = found;
        const hidden = allowPrivate ? undefined : found.find(({ address }) => !isPublic(address));
        if (hidden) return callback(new Error(`${hostname} is ${hidden.address}, which is this machine or a private network`), []);
        if (!first) return callback(new Error(`${hostname} has no address`), []);
        return all ? callback(null, found) : callback(null, first.address, first.family);
      },
      (error) => callback(error, []),
    );
  };
