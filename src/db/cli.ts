import { parseArgs } from 'node:util';
import { loadConfig } from '../config.ts';
import { DomainError } from '../errors.ts';
import { backup } from './commands/backup.ts';
import { check } from './commands/check.ts';
import type { Command, Values } from './commands/command.ts';
import { migrateCommand } from './commands/migrate.ts';
import { reset } from './commands/reset.ts';
import { restore } from './commands/restore.ts';
import { seedCommand } from './commands/seed.ts';
import { sql } from './commands/sql.ts';

const commands: Record<string, Command> = { migrate: migrateCommand, seed: seedCommand, reset, backup, check, restore, sql };

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof DomainError ? error.message : error);
  process.exit(1);
}

async function main([name = '', ...words]: string[]): Promise<void> {
  const command = commands[name];
  if (!command)
    throw new DomainError(
      'BAD_INPUT',
      `Commands: ${Object.keys(commands)
        .map((each) => `npm run db:${each}`)
        .join(', ')}`,
    );
  if (words.includes('--help')) return console.log(help(name, command));
  await command.run(loadConfig(), readOptions(name, command, words));
}

function readOptions(name: string, command: Command, words: string[]): Values {
  try {
    return parseArgs({ args: words, options: command.options }).values as Values;
  } catch (error) {
    throw new DomainError('BAD_INPUT', `${error instanceof Error ? error.message : error}\n\n${help(name, command)}`);
  }
}

function help(name: string, { about, options }: Command): string {
  const rows = Object.entries(options).map(([option, { about, example }]): [string, string] => [
    `--${option}${example ? ` ${example}` : ''}`,
    about,
  ]);
  const width = Math.max(...rows.map(([option]) => option.length));
  return [`npm run db:${name} -- [options]`, '', about, '', ...rows.map(([option, about]) => `  ${option.padEnd(width)}  ${about}`)].join(
    '\n',
  );
}
