import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import { DomainError } from '../errors.ts';

/**
 * Creates the extensions that a migration asks for, before it runs. Managed databases often refuse that to the
 * application's user; an administrator can do it once. Throws UNAVAILABLE with the SQL to run.
 */
export async function createExtensions(session: SqlDriverAdapter, migration: string): Promise<void> {
  for (const [statement, name] of migration.matchAll(/^CREATE EXTENSION IF NOT EXISTS "?(\w+)"?;$/gm))
    await session.executeScript(statement).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new DomainError(
        'UNAVAILABLE',
        `This database has no extension ${name}, and its user may not create it (${reason}). Have an administrator of the database run \`CREATE EXTENSION ${name};\` in it (on Azure, add ${name} to azure.extensions first), then start again.`,
      );
    });
}
