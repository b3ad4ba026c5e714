import packageJson from '../../package.json' with { type: 'json' };
import { executor } from '../adapters/executor.ts';
import { masking } from '../adapters/masking.ts';
import type { Operations } from '../adapters/mcp/execute.ts';
import { type McpOptions, mcpServer, type Servers } from '../adapters/mcp/server.ts';
import { planning } from '../adapters/planning.ts';
import { extensions as own } from '../extensions/index.ts';
import type { Resource } from '../resource.ts';
import { resources } from '../resources/index.ts';
import { createSchema, type Datamodel, type Extension } from '../schema/index.ts';
import { createOperations } from '../schema/view/operations.ts';
import { planners } from './planners.ts';

export interface Described {
  /** Another list than the CRM's, for tests of the machine. */
  definitions?: readonly Resource[] | undefined;
  /** What Prisma has generated of their models. */
  datamodel?: Datamodel | undefined;
  /** Other types and fields than the CRM's own. */
  extensions?: readonly Extension[] | undefined;
  /** Whether documents are planned (see src/plan), or all resolved. */
  planner?: boolean | undefined;
  /** Where what the operator has to know goes, a line at a time. */
  log(line: string): void;
}

/** What tools need to know of who calls them, all of which takes the database. */
export type Callers = Pick<Operations, 'createContext' | 'principalOf' | 'seal' | 'stepUp'>;

/** Everything about the surfaces that needs no database, so that assistants can be told of their tools before one is open. */
export function describe({ definitions = resources, datamodel, extensions = own, planner = true, log }: Described) {
  const schema = createSchema(definitions, extensions, datamodel);
  const view = createOperations(schema);
  const mask = masking(log);
  const info = { title: 'Facet CRM', version: packageJson.version, description: packageJson.description };
  const { plan, planView } = planners({ enabled: planner, schema, view, definitions, log });
  const operations = { schema: view, execute: executor(view), plan: planView, mask, info };
  const tools = (callers: Callers, more?: McpOptions['extend']): Servers =>
    mcpServer({
      scheme: 'crm',
      ...(more && { extend: more }),
      operations: { ...operations, execute: planning(planView, operations.execute), ...callers },
    });
  return { schema, plan, operations, tools };
}
