import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type DocumentNode, execute, type GraphQLSchema, parse } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import { compressed, encodingFor, packedAnswer } from './encoding.ts';
import { policyOf } from './security.ts';
import { type File, filesIn } from './web/files.ts';

interface WebOptions {
  /** Where the build is: `index.html`, `page.graphql`, and files whose names say what is in them. */
  directory: string;
  schema: GraphQLSchema;
  createContext(request: Request): Promise<Context>;
  /** Paths that belong to the other surfaces: what they do not know is not a page either. */
  reserved: readonly string[];
  title: string;
}

interface Build {
  page: string;
  /** What every page asks first; answered in the page itself, it costs no request. */
  question: DocumentNode;
  files: ReadonlyMap<string, File>;
}

/** The front end: its files, and one page for every address that is no other surface's. */
export function web({ directory, schema, createContext, reserved, title }: WebOptions): Plugin {
  let found: Promise<Build | undefined> | undefined;
  // A server that was started before the build finds it later.
  const build = async () => (await (found ??= load(directory))) ?? (found = undefined);

  async function answer(request: Request): Promise<Response> {
    const built = await build();
    const nonce = randomBytes(16).toString('base64');
    // Before the data comes in, which may have the same words in it.
    const page = built ? await withData({ ...built, page: built.page.replaceAll('CSP_NONCE', nonce) }, request) : unbuilt(title);
    const encoding = encodingFor(request.headers.get('accept-encoding'), ['gzip']);
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      // It has the viewer's own data in it.
      'cache-control': 'private, no-cache',
      vary: 'accept-encoding, cookie',
      'content-security-policy': policy(nonce),
      ...(encoding && { 'content-encoding': encoding }),
    };
    return new Response(request.method === 'HEAD' ? null : await compressed(Buffer.from(page), encoding), { headers });
  }

  /** The page with what its reader sees; as it is where that fails, so that it asks itself and says why. */
  async function withData({ page, question }: Build, request: Request): Promise<string> {
    try {
      const contextValue = await createContext(request);
      if (!contextValue.principal) return written(page, null);
      const { data } = await execute({ schema, document: question, contextValue });
      return data ? written(page, data) : page;
    } catch (error) {
      // Somebody whose session has ended is a stranger: the page asks them to sign in.
      return error instanceof DomainError && error.code === 'UNAUTHENTICATED' ? written(page, null) : page;
    }
  }

  const isPage = ({ pathname }: URL) =>
    !/\.\w+$/.test(pathname) && !reserved.some((path) => pathname === path || pathname.startsWith(`${path}/`));

  return {
    async onRequest({ request, url, endResponse }) {
      if (!['GET', 'HEAD'].includes(request.method)) return;
      const file = (await build())?.files.get(url.pathname);
      if (file) endResponse(await answerFile(request, file));
      else if (isPage(url) && /text\/html|\*\/\*/.test(request.headers.get('accept') ?? '*/*')) endResponse(await answer(request));
    },
  };
}

async function load(directory: string): Promise<Build | undefined> {
  const [page, question] = await Promise.all(
    ['index.html', 'page.graphql'].map((name) => readFile(`${directory}/${name}`, 'utf8').catch(() => undefined)),
  );
  if (page === undefined || question === undefined) return undefined;
  return { page, question: parse(question, { noLocation: true }), files: await filesIn(directory) };
}

const answerFile = (request: Request, { type, hashed, read }: File): Promise<Response> =>
  packedAnswer(request, read, {
    'content-type': type,
    'cache-control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
  });

/** In a tag that browsers do not run; `<` is written so that no value can end it. */
const written = (page: string, data: unknown): string =>
  page.replace(
    '</head>',
    () => `<script type="application/json" id="page-data">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script></head>`,
  );

/** No script or style in the page but those that carry the nonce. */
const policy = (nonce: string): string =>
  policyOf({
    'script-src': `'self' 'nonce-${nonce}'`,
    'style-src': `'self' 'nonce-${nonce}'`,
    'font-src': "'self'",
    'manifest-src': "'self'",
  });

const unbuilt = (title: string): string => `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title></head>
  <body>
    <h1>${title}</h1>
    <p>The server runs, but the user interface has not been built. Run <code>npm run build</code> and load this page again.</p>
    <p>With <code>npm run dev</code> it needs no build: it is at <a href="http://localhost:5173">http://localhost:5173</a>.</p>
    <ul>
      <li><a href="/docs">REST, with documentation</a></li>
      <li><a href="/graphql">GraphQL, with GraphiQL</a></li>
    </ul>
  </body>
</html>
`;
