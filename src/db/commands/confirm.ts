import { createInterface } from 'node:readline/promises';
import { DomainError } from '../../errors.ts';

/** Asks a person at a terminal; everybody else has to say --yes. */
export async function confirm(question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) throw new DomainError('BAD_INPUT', `${question} Say so with --yes.`);

  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${question} Type yes to go on: `).finally(() => terminal.close());
  if (answer.trim().toLowerCase() !== 'yes') throw new DomainError('BAD_INPUT', 'Nothing was changed.');
}
