import type { GraphQLSchema } from 'graphql';
import type { Prisma } from '../../prisma/generated/client.ts';
import { getDatamodel } from '../../prisma/generated/pothos.ts';
import type { Context } from '../context.ts';
import type { Resource } from '../resource.ts';
import { addActions } from './graphql/actions.ts';
import { createBuilder, type NamedBuilder } from './graphql/builder.ts';
import { addBulkMutations } from './graphql/bulk-mutations.ts';
import { refuseUnscoped } from './graphql/closed.ts';
import { addFederation } from './graphql/federation.ts';
import { thereFor } from './graphql/find.ts';
import { guard } from './graphql/guard.ts';
import { inputTypes } from './graphql/inputs.ts';
import { listTypes } from './graphql/list.ts';
import { addMe } from './graphql/me.ts';
import { addMutations, validators } from './graphql/mutations.ts';
import { addQueries, readNode } from './graphql/queries.ts';
import { get, recordTypes, valueTypes } from './graphql/records.ts';
import { addSearch } from './graphql/search-all.ts';
import { addSummaries } from './graphql/summary.ts';
import { whereTypes } from './graphql/where.ts';
import { addChanges } from './log/changes.ts';
import { addErasing } from './log/erase.ts';
import { addExporting } from './log/export.ts';
import { addUndo } from './log/undo.ts';
import { createCatalog } from './model/catalog.ts';
import { addUi } from './ui.ts';

/** What Prisma has generated of its models for Pothos. */
export type Datamodel = ReturnType<typeof getDatamodel>;

/** What an extension is given besides the builder. */
export interface Records {
  /**
   * Which records of a model there are for whoever asks: outside the trash, and theirs to see. A condition for Prisma that
   * every question for records has to carry.
   */
  visible(context: Context, model: Prisma.ModelName): object;
}

/** Adds types and fields of its own to the schema. */
export type Extension = (builder: NamedBuilder, records: Records) => void;

/** Turns definitions, and what was written beside them by hand, into the one executable schema. */
export function createSchema(
  resources: readonly Resource[],
  extensions: readonly Extension[] = [],
  datamodel: Datamodel = getDatamodel(),
): GraphQLSchema {
  const catalog = createCatalog(resources);
  const builder = createBuilder((context, id, info) => readNode(context, catalog, id, info), datamodel);
  const written = new Map([...catalog].filter(([, { readOnly }]) => !readOnly));
  const valueType = valueTypes(builder, catalog);
  const lists = listTypes(builder, catalog, whereTypes(builder, catalog, valueType));
  const types = recordTypes(builder, catalog, lists, valueType);
  const inputs = inputTypes(builder, written, valueType);
  const checks = validators(written);

  addQueries(builder, catalog, types, lists);
  addSummaries(builder, catalog, lists, valueType);
  addSearch(builder, catalog);
  addMutations(builder, written, types, inputs, checks);
  addBulkMutations(builder, written, types, inputs, checks);
  addActions(builder, catalog, types, valueType);
  addChanges(builder, written, types);
  addErasing(builder, catalog);
  addExporting(builder, catalog);
  addUndo(builder, catalog);
  addMe(builder, catalog);
  addUi(builder, catalog);
  addFederation(builder, catalog, types);
  for (const extend of extensions)
    extend(builder as unknown as NamedBuilder, {
      // the machine knows no model by its name
      visible: (context, name) => thereFor(context, get(catalog, { name })),
    });

  // Unsorted: sorting would take the workflow out of the enums. `schema.graphql` is sorted when it is printed.
  const schema = builder.toSchema({ sortSchema: false });
  refuseUnscoped(schema);
  return guard(schema);
}
