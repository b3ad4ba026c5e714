import type { Served } from '../adapters/peers.ts';
import type { Context } from '../context.ts';

/** Of a request the context is made once, for that counts as a use of its credential. */
export function oncePerRequest(make: (served: Required<Pick<Served, 'request'>> & Served) => Promise<Context>) {
  const contexts = new WeakMap<Request, Promise<Context>>();
  return (served: object): Promise<Context> => {
    const asked = served as Required<Pick<Served, 'request'>> & Served; // Yoga adds the request to what it is given
    const context = contexts.get(asked.request) ?? make(asked);
    contexts.set(asked.request, context);
    return context;
  };
}
