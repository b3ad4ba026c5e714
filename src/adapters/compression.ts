import type { Plugin } from 'graphql-yoga';
import { encodingFor, packedText } from './encoding.ts';

const json = /^application\/([\w.-]+\+)?json\b/;
const table = /^text\/csv\b/;

/** Packs what is answered in JSON or as a table. Event streams are sent as they come; files bring their own packings. */
export const compression: Plugin = {
  async onResponse({ request, response, fetchAPI, setResponse }) {
    const { headers, status, statusText, body } = response;
    const type = headers.get('content-type') ?? '';
    if (!body || headers.has('content-encoding') || !(json.test(type) || table.test(type))) return;
    headers.append('vary', 'accept-encoding');
    const accepted = request.headers.get('accept-encoding');
    if (!encodingFor(accepted, ['gzip'])) return;
    if (table.test(type)) {
      headers.set('content-encoding', 'gzip');
      return setResponse(new fetchAPI.Response(body.pipeThrough(new CompressionStream('gzip')), { status, statusText, headers }));
    }
    const text = await response.text();
    const packed = await packedText(text, 'utf8', accepted);
    if (packed) headers.set('content-encoding', 'gzip');
    headers.set('content-length', String(packed?.length ?? Buffer.byteLength(text)));
    setResponse(new fetchAPI.Response(packed ?? text, { status, statusText, headers }));
  },
};
