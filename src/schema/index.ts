import type { GraphQLSchema } from 'graphql';
import { getDatamodel } from '../../prisma/generated/pothos.ts';
import type { Resource } from '../resource.ts';
import { addActions } from './actions.ts';
import { type Builder, createBuilder } from './builder.ts';
import { addBulkMutations } from './bulk-mutations.ts';
import { createCatalog } from './catalog.ts';
import { addChanges } from './changes.ts';
import { refuseUnscoped } from './closed.ts';
import { addErasing } from './erase.ts';
import { addExporting } from './export.ts';
import { addFederation } from './federation.ts';
import { guard } from './guard.ts';
import { inputTypes } from './inputs.ts';
import { listTypes } from './list.ts';
import { addMe } from './me.ts';
import { addMutations, validators } from './mutations.ts';
import { addQueries, readNode } from './queries.ts';
import { type RecordTypes, recordTypes, valueTypes } from './records.ts';
import { addSearch } from './search-all.ts';
import { addSummaries } from './summary.ts';
import { addUi } from './ui.ts';
import { addUndo } from './undo.ts';
import { whereTypes } from './where.ts';

/** What Prisma has generated of its models for Pothos. */
export type Datamodel = ReturnType<typeof getDatamodel>;

/** What an extension gets: the Pothos builder, and the object types of the resources to hang fields on. */
export type Extend = (builder: Builder, types: RecordTypes) => void;

/**
 * Turns definitions into the one executable schema. `extend` may add anything Pothos can express; a root field
 * that carries `extensions.operation` appears on REST and MCP like any other.
 */
export function createSchema(resources: readonly Resource[], extend?: Extend, datamodel: Datamodel = getDatamodel()): GraphQLSchema {
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
  extend?.(builder, types);

  // Unsorted: sorting would take the workflow out of the enums. `schema.graphql` is sorted when it is printed.
  const schema = builder.toSchema({ sortSchema: false });
  refuseUnscoped(schema);
  return guard(schema);
}
