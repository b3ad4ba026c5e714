import { isUtf8 } from 'node:buffer';
import { DomainError } from './errors.ts';

/** The largest request body, in bytes. */
export const bodyLimit = 1024 * 1024;

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** What a request's body says, not yet parsed; refused unless it is declared as JSON and is UTF-8. */
export async function readJsonText(request: Request): Promise<string> {
  refuseEncoded(request.headers.get('content-encoding'));
  return jsonText(await readBytes(request, bodyLimit), request.headers);
}

/** The same of a body that has been read. */
export function jsonText(bytes: Buffer, headers: Pick<Headers, 'get'>): string {
  refuseEncoded(headers.get('content-encoding'));
  if (bytes.length === 0) return '';
  requireJson(headers.get('content-type'));
  // A TextDecoder takes ten times as long.
  if (!isUtf8(bytes)) throw new DomainError('BAD_INPUT', 'The body is not valid UTF-8. Send JSON encoded as UTF-8.');
  return bytes.toString('utf8', bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? byteOrderMark.length : 0);
}

/** The body of a request; TOO_LARGE as soon as it is, without reading the rest. */
export async function readBytes(request: Request, limit: number): Promise<Buffer<ArrayBuffer>> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge(limit);
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Not by `for await`: leaving it early cancels the stream, which cuts the connection before the answer is out.
  const reader = request.body?.getReader();
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    size += next.value.byteLength;
    // Content-Length may be missing or a lie: what counts is what arrives.
    if (size > limit) throw tooLarge(limit);
    chunks.push(next.value);
  }
  return Buffer.concat(chunks);
}

const tooLarge = (limit: number) =>
  new DomainError('TOO_LARGE', `The body is larger than ${limit} bytes. Send less at a time, for example in batches.`);

/** A small body may unpack to one of any size, so packed ones are not taken. */
function refuseEncoded(encoding: string | null): void {
  if (encoding && encoding.toLowerCase() !== 'identity')
    throw new DomainError('UNSUPPORTED_MEDIA_TYPE', `The body has the Content-Encoding "${encoding}". Send it without one.`);
}

function requireJson(contentType: string | null): void {
  const [type = '', ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  const json = type === 'application/json' || /^application\/[\w.-]+\+json$/.test(type);
  if (!json || (charset && charset.replaceAll('"', '') !== 'utf-8'))
    throw new DomainError(
      'UNSUPPORTED_MEDIA_TYPE',
      `The body has the Content-Type "${contentType ?? ''}". Send JSON with Content-Type: application/json.`,
    );
}
