import type { ChangeOp, Entry, EntryFilter } from '../../change.ts';
import { assertFollowable } from '../../changes/epoch.ts';
import { decodeStart } from '../../changes/position.ts';
import { readHead } from '../../changes/read.ts';
import type { Context } from '../../context.ts';
import type { Builder, Ref, SubscriptionFieldBuilder } from '../graphql/builder.ts';
import type { Catalog, Model } from '../model/catalog.ts';
import { parseId } from '../model/ids.ts';
import { type ChangeEnums, type FilterArguments, filterArguments, filterOf } from './change-arguments.ts';
import { narrowed, seer, visibilityOf } from './change-visibility.ts';

/** Adds `changes`, `customerCreated`, `customerUpdated`, `customerDeleted`, …: the log as it grows. */
export function addSubscriptions(builder: Builder, catalog: Catalog, change: Ref<Entry>, enums: ChangeEnums): void {
  builder.subscriptionField('changes', (t) =>
    t.field({
      type: change,
      description:
        'Every change as it is committed, in commit order. Store the last cursor and pass it as `since` to resume without a gap.',
      args: { since: sinceArgument(t), ...filterArguments(t, enums) },
      authScopes: { scope: 'changes:read' },
      extensions: { operation: { name: 'changes', resource: 'Change', kind: 'subscription', scope: 'changes:read' } },
      subscribe: (_root, args, context) => follow(catalog, context, filterOf(catalog, args as FilterArguments), args.since),
      resolve: (entry) => entry,
    }),
  );
  for (const model of catalog.values()) {
    addOne(model, 'Created', ['CREATED', 'RESTORED'], 'created, or taken out of the trash');
    addOne(model, 'Updated', ['UPDATED'], 'changed');
    addOne(model, 'Deleted', ['DELETED', 'DESTROYED'], model.softDelete ? 'moved to the trash or deleted for good' : 'deleted');
  }

  function addOne(model: Model, event: string, kinds: ChangeOp[], verb: string): void {
    builder.subscriptionField(`${model.one}${event}`, (t) =>
      t.field({
        type: change,
        description: `Each ${model.label.one.toLowerCase()} that is ${verb}, as it is committed.`,
        args: {
          id: t.arg.id({ description: `Only this one: \`${model.name}:1\` or \`1\`.`, extensions: { id: model.name } }),
          since: sinceArgument(t),
        },
        authScopes: { scope: model.scopes.read },
        extensions: {
          operation: { name: `${model.one}${event}`, resource: model.name, kind: 'subscription', scope: model.scopes.read },
        },
        subscribe: (_root, { id, since }, context) =>
          follow(catalog, context, { tables: [model.table], ops: kinds, ...(id != null && { recordIds: [parseId(model, id)] }) }, since),
        resolve: (entry) => entry,
      }),
    );
  }
}

const sinceArgument = (t: SubscriptionFieldBuilder) => t.arg.string({ description: 'Starts after this cursor; without it, from now on.' });

async function follow(catalog: Catalog, context: Context, filter: EntryFilter, since: string | null | undefined) {
  const { feed, request } = context;
  // From now on means: from before the client hears that it is subscribed.
  const position = since == null ? await readHead(context) : decodeStart(since);
  if (since != null) await assertFollowable(context, position);
  const visibility = visibilityOf(catalog, context);
  return feed.follow(narrowed(filter, visibility), {
    see: seer(context, visibility),
    since: position,
    ...(request && { signal: request.signal }),
  });
}
