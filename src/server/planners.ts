import type { GraphQLSchema } from 'graphql';
import type { Plan } from '../adapters/planning.ts';
import { createPlanner } from '../plan/index.ts';
import type { Resource } from '../resource.ts';
import { createCatalog } from '../schema/model/catalog.ts';

interface PlannersOptions {
  /** Whether documents are planned at all. */
  enabled: boolean;
  schema: GraphQLSchema;
  view: GraphQLSchema;
  definitions: readonly Resource[];
  log(line: string): void;
}

const nothing: Plan = async () => undefined;

/** Planners for documents of the schema, and for those of the operations view. */
export function planners({ enabled, schema, view, definitions, log }: PlannersOptions): { plan: Plan; planView: Plan } {
  if (!enabled) return { plan: nothing, planView: nothing };
  const catalog = createCatalog(definitions);
  const onFault = (error: unknown) => log(`planner: ${error instanceof Error ? error.stack : String(error)}`);
  return {
    plan: createPlanner({ schema, catalog, isGlobal: true, onFault }),
    planView: createPlanner({ schema: view, catalog, isGlobal: false, onFault }),
  };
}
