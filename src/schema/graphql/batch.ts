import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../../context.ts';

interface Waiting<K, V> {
  key: K;
  resolve(value: V): void;
  reject(error: unknown): void;
}

/** By request and place of its document: who waits there to be answered together. */
const places = new WeakMap<Context, Map<string, unknown>>();

/**
 * Asks once for all keys that are asked for at one place of a document: every record of a list is resolved by itself,
 * and all of them in one turn. Nothing is kept: a subscription's request goes on while records change.
 */
export function batched<K, V>(
  context: Context,
  info: GraphQLResolveInfo,
  kind: string,
  key: K,
  ask: (keys: readonly K[]) => Promise<readonly V[]>,
): Promise<V> {
  const waiting = places.get(context) ?? new Map<string, unknown>();
  places.set(context, waiting);
  const place = `${kind} ${placeOf(info)}`;
  return new Promise<V>((resolve, reject) => {
    const others = waiting.get(place) as Waiting<K, V>[] | undefined; // a place has one kind of keys and values
    if (others) return void others.push({ key, resolve, reject });
    const together: Waiting<K, V>[] = [{ key, resolve, reject }];
    waiting.set(place, together);
    // Once whatever is ready has asked; promises that were just kept are still to run.
    queueMicrotask(() =>
      process.nextTick(() => {
        waiting.delete(place);
        void answer(together, ask);
      }),
    );
  });
}

async function answer<K, V>(together: readonly Waiting<K, V>[], ask: (keys: readonly K[]) => Promise<readonly V[]>): Promise<void> {
  try {
    const values = await ask(together.map(({ key }) => key));
    for (const [index, { resolve }] of together.entries()) resolve(values[index] as V); // one for each key
  } catch (error) {
    for (const { reject } of together) reject(error);
  }
}

function placeOf({ path, parentType }: GraphQLResolveInfo): string {
  const keys: string[] = [parentType.name];
  for (let at: GraphQLResolveInfo['path'] | undefined = path; at; at = at.prev) if (typeof at.key === 'string') keys.push(at.key);
  return keys.join('<');
}
