import type { GraphQLResolveInfo } from 'graphql';
import type { Scope } from '../../access.ts';
import type { Context } from '../../context.ts';
import { badInput } from '../../errors.ts';
import { globalId } from '../model/ids.ts';
import { planned } from './plannable.ts';

/** A global id in its parts. */
export interface NodeId {
  typename: string;
  id: string;
}

/** Reads a record of whatever kind, for whoever may read that kind; null where there is none. */
export type ReadNode = (context: Context, id: NodeId, info: GraphQLResolveInfo) => Promise<object | null>;

/** Most ids that `nodes` takes. */
export const mostNodes = 100;

/** The scope of reading records of a type; anybody who is signed in may hear that there is no such type. */
export function scopeToRead({ schema }: GraphQLResolveInfo, typename: string): { scope: Scope } | { signedIn: true } {
  const { resource } = (schema.getType(typename)?.extensions ?? {}) as { resource?: { scope: Scope } }; // set in records.ts
  if (!resource) return anybody;
  const known = toRead.get(resource.scope) ?? { scope: resource.scope };
  toRead.set(resource.scope, known);
  return known;
}

const anybody = { signedIn: true } as const;
/** The same object each time: plugin-scope-auth remembers what it has tested by object, and a subscription's request is long. */
const toRead = new Map<Scope, { scope: Scope }>();

/** What plugin-relay is told: readable ids, what its types are called to people, and how `node` finds a record. */
export const relayOptions = (readNode: ReadNode) => ({
  cursorType: 'String' as const,
  idFieldOptions: { description: 'The global id, such as `Customer:1`.' },
  nodeTypeOptions: { description: 'Any record, by its global id.' },
  encodeGlobalID: (typename: string, id: unknown) => globalId({ name: typename }, id),
  // What is no id is told by whoever knows which kind is asked for.
  decodeGlobalID: (id: string): NodeId => ({ typename: id.slice(0, Math.max(0, id.indexOf(':'))), id: id.slice(id.indexOf(':') + 1) }),

  nodesOnConnection: { description: 'The records.' },
  edgesFieldOptions: { description: 'The records with their cursors.', nullable: false as const },
  nodeFieldOptions: { description: 'The record.', nullable: false as const },
  cursorFieldOptions: { description: 'The cursor; pass it as `after` or `before`.' },
  pageInfoFieldOptions: { description: 'Pagination information.' },
  pageInfoTypeOptions: { description: 'Pagination information (Relay).', extensions: { directives: { shareable: {} } } },
  hasNextPageFieldOptions: { description: 'Whether more follow.' },
  hasPreviousPageFieldOptions: { description: 'Whether any come before.' },
  startCursorFieldOptions: { description: 'Cursor of the first entry.' },
  endCursorFieldOptions: { description: 'Cursor of the last entry.' },

  nodeQueryOptions: {
    description: 'Any record by its global id (Relay).',
    args: { id: { description: 'A global id such as `Customer:1`.' } },
    extensions: planned({ is: 'node' }),
    authScopes: (_root: object, { id }: { id: NodeId }, _context: Context, info: GraphQLResolveInfo) => scopeToRead(info, id.typename),
    resolve: (_root: object, { id }: { id: NodeId }, context: Context, info: GraphQLResolveInfo) => readNode(context, id, info),
  },
  nodesQueryOptions: {
    description: `Records by their global ids, in that order, at most ${mostNodes}; null for an id that has none.`,
    args: { ids: { description: 'Global ids such as `Customer:1`.' } },
    extensions: planned({ is: 'nodes' }),
    complexity: ({ ids }: { ids: readonly unknown[] }) => ({ field: 1, multiplier: ids.length }),
    // Each is refused by itself: whoever may read some kinds is given those.
    authScopes: () => anybody,
    resolve: (_root: object, { ids }: { ids: NodeId[] }, context: Context, info: GraphQLResolveInfo) => {
      if (ids.length > mostNodes)
        throw badInput([{ path: ['ids'], message: `has ${ids.length} entries; at most ${mostNodes} are allowed` }]);
      return ids.map((id) => readNode(context, id, info));
    },
  },
});
