import type { Plugin } from 'graphql-yoga';

/** `/health`: the process runs. `/ready`: it can answer, which `check` finds out. Both also below `base`. */
export function health(base: string, check: () => Promise<unknown>): Plugin {
  return {
    async onRequest({ url, request, fetchAPI: { Response }, endResponse }) {
      if (request.method !== 'GET' && request.method !== 'HEAD') return;
      const path = url.pathname.startsWith(`${base}/`) ? url.pathname.slice(base.length) : url.pathname;
      if (path === '/health') endResponse(Response.json({ status: 'ok' }));
      if (path === '/ready') {
        const ready = await check().then(
          () => true,
          () => false,
        );
        endResponse(Response.json({ status: ready ? 'ok' : 'unavailable' }, { status: ready ? 200 : 503 }));
      }
    },
  };
}
