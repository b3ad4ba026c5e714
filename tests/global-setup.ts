import { writeDocuments } from '../codegen.ts';
import { prepareTemplate } from './database.ts';

/** Before any test: a migrated database to copy, and the clients' documents typed by the schema of today. */
export async function setup(): Promise<void> {
  await Promise.all([prepareTemplate(), writeDocuments()]);
}
