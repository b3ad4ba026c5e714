import type { Tool } from './tools.ts';

/** Kinds of operations that few conversations need; a long list of tools makes every conversation dearer and worse. */
const rare: ReadonlySet<string> = new Set(['createMany', 'updateMany', 'deleteMany']);

/** `toolset=full` lists every tool; `readonly=true` only those that change nothing. */
export function chooseTools(tools: readonly Tool[], params: URLSearchParams): Tool[] {
  const full = params.get('toolset') === 'full';
  const readOnly = ['', 'true', '1'].includes(params.get('readonly') ?? 'no');
  return tools.filter(({ kind, annotations }) => (full || !rare.has(kind)) && (!readOnly || annotations.readOnlyHint));
}
