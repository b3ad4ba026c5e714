import { DomainError } from '../../errors.ts';
import { unknownName } from './advice.ts';
import type { Tool } from './tools.ts';

/** Kinds of operations that few conversations need; a long list of tools makes every conversation dearer and worse. */
const rare: ReadonlySet<string> = new Set(['createMany', 'updateMany', 'deleteMany']);

/** What can be said of the tools that are wanted, and what each word stands for. The first that is left out holds. */
const settings = {
  toolset: { core: false, full: true },
  readonly: { false: false, 0: false, true: true, 1: true, '': true },
} as const satisfies Record<string, Record<string, boolean>>;

/** Which tools somebody wants: all or the usual ones, to write or to look only. */
export interface Toolset {
  full: boolean;
  readOnly: boolean;
}

/** `toolset=full`, `readonly=true`. What is not understood is refused: a guess could leave out what was to protect the records. */
export function readToolset(params: URLSearchParams): Toolset {
  const issues: string[] = [];
  for (const name of new Set(params.keys()))
    if (!Object.hasOwn(settings, name)) issues.push(`${name} ${unknownName('parameter', name, Object.keys(settings))}`);
  const chosen = (name: keyof typeof settings): boolean => {
    const words: Readonly<Record<string, boolean>> = settings[name];
    const [given, ...more] = params.getAll(name);
    if (given === undefined) return false;
    if (more.length) issues.push(`${name} is given ${more.length + 1} times; give it once.`);
    const known = Object.keys(words).filter(Boolean);
    if (!Object.hasOwn(words, given)) issues.push(`${name} must be one of ${known.join(', ')}; not ${JSON.stringify(given.slice(0, 40))}.`);
    return words[given] ?? false;
  };
  const toolset = { full: chosen('toolset'), readOnly: chosen('readonly') };
  if (issues.length) throw new DomainError('BAD_INPUT', issues.join(' '));
  return toolset;
}

export const chooseTools = (tools: readonly Tool[], { full, readOnly }: Toolset): Tool[] =>
  tools.filter(({ kind, annotations }) => (full || !rare.has(kind)) && (!readOnly || annotations.readOnlyHint));
