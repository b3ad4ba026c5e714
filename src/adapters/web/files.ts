import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip';

/** A file of the build. */
export interface File {
  type: string;
  /** Its name changes with its content, so it can be kept for good. */
  hashed: boolean;
  /** Read, and packed, when somebody first wants it so. */
  read(encoding: Encoding | undefined): Promise<Buffer<ArrayBuffer>>;
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
      return [[path, { type, hashed: path.startsWith('/assets/'), read: reader(file) }]];
    }),
  );
}

function reader(file: string): File['read'] {
  const packed = new Map<Encoding | undefined, Promise<Buffer<ArrayBuffer>>>();
  return (encoding) => {
    const found = packed.get(encoding) ?? readFile(file).then((content) => compressed(content, encoding));
    packed.set(encoding, found);
    return found;
  };
}

const pack = {
  gzip: promisify(gzip),
  br: (content: Buffer) => promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
};

export async function compressed(content: Buffer<ArrayBuffer>, encoding: Encoding | undefined): Promise<Buffer<ArrayBuffer>> {
  return encoding ? pack[encoding](content) : content;
}

/** The best of ours that the client takes. */
export const encodingFor = (accepted: string | null, offered: readonly Encoding[]): Encoding | undefined =>
  offered.find((encoding) =>
    accepted?.split(',').some((each) => /^\s*(br|gzip)\s*(;\s*q=(0\.0*[1-9]|[1-9])[\d.]*)?\s*$/.test(each) && each.includes(encoding)),
  );
