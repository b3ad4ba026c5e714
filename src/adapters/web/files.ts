import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { packings } from '../encoding.ts';

/** A file of the build. */
export interface File {
  type: string;
  /** Its name changes with its content, so it can be kept for good. */
  hashed: boolean;
  /** Read, and packed, when somebody first wants it so. */
  read: ReturnType<typeof packings>;
}

/** What may be served; anything else in the directory is not for browsers. */
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** The files of a directory by their paths on the server. */
export async function filesIn(directory: string): Promise<ReadonlyMap<string, File>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return new Map(
    entries.flatMap((entry): [string, File][] => {
      const type = types[extname(entry.name)];
      if (!entry.isFile() || !type) return [];
      const file = join(entry.parentPath, entry.name);
      const path = `/${relative(directory, file).split(sep).join('/')}`;
      return [[path, { type, hashed: path.startsWith('/assets/'), read: packings(() => readFile(file)) }]];
    }),
  );
}
