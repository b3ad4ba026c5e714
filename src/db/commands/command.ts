import type { ParseArgsOptionDescriptor } from 'node:util';
import type { Config } from '../../config.ts';

export type Values = Readonly<Record<string, string | boolean | undefined>>;

/** One `npm run db:…`. */
export interface Command {
  /** What it does, in one sentence. */
  about: string;
  options: Record<string, ParseArgsOptionDescriptor & { about: string; example?: string }>;
  run(config: Config, values: Values): Promise<void>;
}
