import type { GraphQLSchema } from 'graphql';
import type { Prisma } from '../../prisma/generated/client.ts';
import { getDatamodel } from '../../prisma/generated/pothos.ts';
import type { Context } from '../context.ts';
import type { Resource } from '../resource.ts';
import { addActions } from './actions.ts';
import { createBuilder, type NamedBuilder } from './builder.ts';
import { addBulkMutations } from './bulk-mutations.ts';
import { createCatalog } from './catalog.ts';
import { addChanges } from './changes.ts';
import { refuseUnscoped } from './closed.ts';
import { addErasing } from './erase.ts';
import { addExporting } from './export.ts';
import { addFederation } from './federation.ts';
import { thereFor } from './find.ts';
import { guard } from './guard.ts';
import { inputTypes } from './inputs.ts';
import { listTypes } from './list.ts';
import { addMe } from './me.ts';
import { addMutations, validators } from './mutations.ts';
import { addQueries, readNode } from './queries.ts';
import { get, recordTypes, valueTypes } from './records.ts';
import { addSearch } from './search-all.ts';
import { addSummaries } from './summary.ts';
import { addUi } from './ui.ts';
import { addUndo } from './undo.ts';
import { whereTypes } from './where.ts';

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
