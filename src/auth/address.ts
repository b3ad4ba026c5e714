import ipaddr from 'ipaddr.js';

/** The other end of a connection, as the socket knows it: never what a header says, unless a trusted proxy sent it. */
export interface Peer {
  address: string;
}

/** The header in which the address of the caller is handed to the library; whatever a client sends in it is dropped. */
export const addressHeader = 'x-facet-client-ip';

/**
 * From where a request comes: the other end of the connection, or, where that is a proxy the operator trusts, the last
 * address before it that is none. What a client writes into X-Forwarded-For itself is to the left of that and never read.
 */
export function addressReader(trustedProxies: readonly string[], onUntrusted: () => void): (request: Request, peer: Peer) => string {
  /** Once: whoever sends the header could fill the log otherwise. */
  let told = false;
  const networks = trustedProxies.map((text) => ipaddr.parseCIDR(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`));
  const isTrusted = (text: string) => {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text);
    return networks.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
  };
  return ({ headers }, { address }) => {
    const chain = headers.get('x-forwarded-for')?.split(',') ?? [];
    let current = address;
    if (chain.length && !told && isNearby(address) && !isTrusted(address)) {
      told = true;
      onUntrusted();
    }
    while (chain.length && isTrusted(current)) {
      const before = chain.pop()?.trim() ?? '';
      // A proxy we trust said something that is no address: it is not to be taken for anybody's.
      if (!ipaddr.isValid(before)) break;
      current = before;
    }
    return current;
  };
}

/** Where proxies stand: this machine, or a private network. */
const isNearby = (text: string): boolean =>
  ipaddr.isValid(text) && ['loopback', 'private', 'uniqueLocal', 'linkLocal', 'carrierGradeNat'].includes(ipaddr.process(text).range());

/** What counts as one caller: an IPv4 address, or the /64 that a provider gives one IPv6 subscriber. */
export function neighbourhood(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv4' ? parsed.toString() : parsed.toByteArray().slice(0, 8).join('.');
}
