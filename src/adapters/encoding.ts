import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip';

type Bytes = Buffer<ArrayBuffer>;

/** What is packed once and sent often is packed well. */
const pack: Record<Encoding, (content: Bytes) => Promise<Bytes>> = {
  gzip: promisify(gzip),
  br: (content) => promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
};

export const compressed = async (content: Bytes, encoding: Encoding | undefined): Promise<Bytes> =>
  encoding ? pack[encoding](content) : content;

/** The best of ours that the client takes. */
export const encodingFor = (accepted: string | null | undefined, offered: readonly Encoding[]): Encoding | undefined =>
  offered.find((encoding) =>
    accepted?.split(',').some((each) => /^\s*(br|gzip)\s*(;\s*q=(0\.0*[1-9]|[1-9])[\d.]*)?\s*$/.test(each) && each.includes(encoding)),
  );

/** Content by encoding: read, and packed, when somebody first wants it so. */
export function packings(read: () => Promise<Bytes>): (encoding: Encoding | undefined) => Promise<Bytes> {
  const packed = new Map<Encoding | undefined, Promise<Bytes>>();
  return (encoding) => {
    const found = packed.get(encoding) ?? read().then((content) => compressed(content, encoding));
    packed.set(encoding, found);
    return found;
  };
}

/** What never changes, as the client wants it. */
export async function packedAnswer(
  { method, headers }: Request,
  content: ReturnType<typeof packings>,
  own: Readonly<Record<string, string>>,
): Promise<Response> {
  const encoding = encodingFor(headers.get('accept-encoding'), ['br', 'gzip']);
  const all = { ...own, vary: 'accept-encoding', ...(encoding && { 'content-encoding': encoding }) };
  return new Response(method === 'HEAD' ? null : await content(encoding), { headers: all });
}

/** Less fits a packet as it is. */
const smallest = 1024;
/** Of an answer that is sent once: the first level does nearly all of what the others do, in a third of the time. */
const quick = { level: 1 } as const;
const packNow = promisify<string | Buffer, typeof quick, Bytes>(gzip);

/** Text as it is sent once, packed where the client takes that and it is worth it. */
export const packedText = (text: string, encoding: BufferEncoding, accepted: string | null | undefined): Promise<Bytes> | undefined =>
  text.length >= smallest && encodingFor(accepted, ['gzip']) ? packNow(Buffer.from(text, encoding), quick) : undefined;
