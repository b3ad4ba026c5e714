import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { DomainError } from '../errors.ts';

/**
 * What cookies are signed and second factors are encrypted with. Kept beside the embedded database when it is not set;
 * processes that share a PostgreSQL must share it, so there it has to be set.
 */
export function readSecret({ secret, databaseUrl, dev, dataDir }: Pick<Config, 'secret' | 'databaseUrl' | 'dev' | 'dataDir'>): string {
  if (secret) return secret;
  if (databaseUrl && !dev)
    throw new DomainError(
      'UNAVAILABLE',
      'With DATABASE_URL the server needs SECRET: 32 characters or more, the same in every process. One is made by: openssl rand -base64 32',
    );
  const file = join(dataDir, 'secret');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    mkdirSync(dataDir, { recursive: true });
    const made = randomBytes(32).toString('base64url');
    writeFileSync(file, `${made}\n`, { mode: 0o600, flag: 'wx' });
    return made;
  }
}

/** Signs texts that a client brings back, such as what somebody agreed to; nothing else that the secret signs begins so. */
export const sealing =
  (secret: string | Buffer) =>
  (text: string): string =>
    createHmac('sha256', secret).update(`sealed:${text}`).digest('base64url');
