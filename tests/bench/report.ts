import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const page = join(import.meta.dirname, '../../docs/performance.md');
const [begin, end] = ['<!-- figures -->', '<!-- end of figures -->'];

/** Puts the figures of a run into docs/performance.md, in the place of those of the last. */
export async function writeReport(lines: readonly string[]): Promise<void> {
  const text = await readFile(page, 'utf8');
  const [before, after] = [text.indexOf(begin), text.indexOf(end)];
  if (before < 0 || after < 0) throw new Error(`${page} has no place for figures.`);
  await writeFile(page, `${text.slice(0, before + begin.length)}\n\n${lines.join('\n')}\n\n${text.slice(after)}`);
}
