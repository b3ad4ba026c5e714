import type { Database } from './client.ts';

/** Finds out whether the database is another than the one that cursors of its change log were taken from (see prisma/migrations/…_log_epoch). */
export async function checkLog({ client }: Pick<Database, 'client'>, say: (line: string) => void): Promise<void> {
  const [checked] = await client.$queryRawUnsafe<{ renewed: boolean }[]>('SELECT check_log() AS "renewed"');
  if (checked?.renewed)
    say(
      'The database was restored, moved or copied: its change log begins a new epoch. Followers that come with an older cursor are told to start anew (410); webhooks go on where they are.',
    );
}

/** Begins a new epoch of the change log: after a restore, what is written next is not what followed the cursors that were given out. */
export async function renewLog({ client }: Pick<Database, 'client'>): Promise<void> {
  await client.$executeRawUnsafe('SELECT renew_log()');
}
