import { randomBytes } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';
import { policyOf } from './security.ts';

interface GraphiqlOptions {
  path: string;
  title: string;
  defaultQuery: string;
}

/** GraphiQL for browsers, where programs find GraphQL. One page with everything in it, so that it needs nothing from elsewhere. */
export const graphiql = ({ path, ...options }: GraphiqlOptions): Plugin => ({
  async onRequest({ request, url, fetchAPI, endResponse }) {
    if (request.method !== 'GET' || url.pathname !== path || !request.headers.get('accept')?.includes('text/html')) return;
    // Nine megabytes that only people who open the page need.
    const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
    const nonce = randomBytes(16).toString('base64');
    // The first is that of the page; what looks like another is a text within it.
    const page = renderGraphiQL(options).replace('<script>', `<script nonce="${nonce}">`);
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policyOf({
        'script-src': `'nonce-${nonce}'`,
        // Its editor writes styles as it goes, and works in workers that it makes.
        'style-src': "'unsafe-inline'",
        'font-src': 'data:',
        'worker-src': 'blob:',
      }),
    };
    endResponse(new fetchAPI.Response(page, { headers }));
  },
});
