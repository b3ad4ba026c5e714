import { createHash } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';
import { packedAnswer, packings } from './encoding.ts';
import { policyOf } from './security.ts';

interface GraphiqlOptions {
  path: string;
  title: string;
  defaultQuery: string;
}

interface File {
  type: string;
  content: ReturnType<typeof packings>;
}

interface Rendered {
  page: File;
  /** What the page consists of, by addresses that say what is in it. */
  parts: ReadonlyMap<string, File>;
}

const kept = 'public, max-age=31536000, immutable';

/** GraphiQL for browsers, where programs find GraphQL. Everything in it is from here, so that it needs nothing from elsewhere. */
export function graphiql({ path, ...options }: GraphiqlOptions): Plugin {
  // Nine megabytes that only people who open the page need.
  let rendered: Promise<Rendered> | undefined;
  const load = () => (rendered ??= render(path, options));

  return {
    async onRequest({ request, url, endResponse }) {
      if (!['GET', 'HEAD'].includes(request.method)) return;
      if (url.pathname === path && request.headers.get('accept')?.includes('text/html')) {
        const { page } = await load();
        const headers = { 'content-type': page.type, 'cache-control': 'no-cache', 'content-security-policy': policy };
        endResponse(await packedAnswer(request, page.content, headers));
      } else if (url.pathname.startsWith(`${path}/graphiql-`)) {
        const part = (await load()).parts.get(url.pathname);
        if (part) endResponse(await packedAnswer(request, part.content, { 'content-type': part.type, 'cache-control': kept }));
      }
    },
  };
}

const policy = policyOf({
  'script-src': "'self'",
  // Its editor writes styles as it goes, and works in workers that it makes.
  'style-src': "'self' 'unsafe-inline'",
  'font-src': 'data:',
  'worker-src': 'blob:',
});

/** Script and style in files of their own, which browsers keep. */
async function render(path: string, options: Omit<GraphiqlOptions, 'path'>): Promise<Rendered> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const whole = renderGraphiQL(options);
  const [style, script] = [within(whole, 'style'), within(whole, 'script')];
  const parts = new Map<string, File>();
  const addressOf = (text: string, ending: string, type: string) => {
    const address = `${path}/graphiql-${createHash('sha256').update(text).digest('base64url').slice(0, 12)}.${ending}`;
    parts.set(address, file(text, type));
    return address;
  };
  const page =
    `${whole.slice(0, style.from)}<link rel="stylesheet" href="${addressOf(style.text, 'css', 'text/css; charset=utf-8')}">` +
    `${whole.slice(style.to, script.from)}<script src="${addressOf(script.text, 'js', 'text/javascript; charset=utf-8')}"></script>` +
    whole.slice(script.to);
  return { page: file(page, 'text/html; charset=utf-8'), parts };
}

function file(text: string, type: string): File {
  const content = Buffer.from(text);
  return { type, content: packings(async () => content) };
}

/** The page has one element of each; what looks like another is a text within it. */
function within(page: string, tag: string): { from: number; to: number; text: string } {
  const [open, close] = [`<${tag}>`, `</${tag}>`];
  const from = page.indexOf(open);
  const end = tag === 'script' ? page.lastIndexOf(close) : page.indexOf(close, from);
  if (from < 0 || end < from) throw new Error(`GraphiQL has no ${tag}`);
  return { from, to: end + close.length, text: page.slice(from + open.length, end) };
}
