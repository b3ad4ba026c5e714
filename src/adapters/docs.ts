import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'graphql-yoga';
import { errorsPage } from './docs/errors.ts';
import { packedAnswer, packings } from './encoding.ts';
import { problemPage } from './rest/problem-types.ts';
import { policyOf } from './security.ts';

interface DocsOptions {
  path: string;
  /** Where the OpenAPI document is. */
  openapi: string;
  title: string;
}

interface Asset {
  type: string;
  content: ReturnType<typeof packings>;
  cached: boolean;
}

const require = createRequire(import.meta.url);
const packageFile = require.resolve('swagger-ui-dist/package.json');
const { version } = require('swagger-ui-dist/package.json') as { version: string };

// What the page needs of the package. Anything else there, source maps for one, is not served.
const packaged: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** Interactive documentation from files of our own: no network besides this server, and no inline script. */
export function docs({ path, openapi, title }: DocsOptions): Plugin {
  // The version is in the address, so that an address never changes its content and can be cached for good.
  const folder = `${path}/${version}`;
  const pages: Readonly<Record<string, Asset>> = {
    [path]: written('text/html', page(title, path, folder)),
    [problemPage]: written('text/html', errorsPage(title)),
    [`${path}/start.js`]: written('text/javascript', start(openapi)),
  };
  const files = new Map(Object.entries(packaged).map(([name, type]) => [`${folder}/${name}`, packagedFile(name, type)]));

  /** Assets are looked up by whole name, so a path that climbs out of the folder is just an unknown name. */
  const assetAt = (pathname: string): Asset | undefined => (Object.hasOwn(pages, pathname) ? pages[pathname] : files.get(pathname));

  return {
    async onRequest({ request, url, endResponse }) {
      const found = ['GET', 'HEAD'].includes(request.method) ? assetAt(url.pathname) : undefined;
      if (!found) return;
      const headers = {
        'content-type': found.type,
        'cache-control': found.cached ? 'public, max-age=31536000, immutable' : 'no-cache',
        'content-security-policy': policy,
      };
      endResponse(await packedAnswer(request, found.content, headers));
    },
  };
}

const packagedFile = (name: string, type: string): Asset => ({
  type,
  content: packings(() => readFile(join(dirname(packageFile), name))),
  cached: true,
});

const written = (type: string, text: string): Asset => ({
  type: `${type}; charset=utf-8`,
  content: packings(async () => Buffer.from(text)),
  cached: false,
});

// It writes styles into its elements as it draws them.
const policy = policyOf({ 'script-src': "'self'", 'style-src': "'self' 'unsafe-inline'" });

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const page = (title: string, path: string, folder: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escaped(title)} API</title>
    <link rel="icon" href="${folder}/favicon-32x32.png">
    <link rel="stylesheet" href="${folder}/swagger-ui.css">
  </head>
  <body>
    <div id="docs"></div>
    <script src="${folder}/swagger-ui-bundle.js" defer></script>
    <script src="${path}/start.js" defer></script>
  </body>
</html>
`;

const start = (openapi: string): string => `SwaggerUIBundle(${JSON.stringify({
  url: openapi,
  dom_id: '#docs',
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  filter: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  // Swagger's own badge asks validator.swagger.io about the document.
  validatorUrl: null,
})});
`;
