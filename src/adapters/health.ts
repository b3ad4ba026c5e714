import type { Plugin } from 'graphql-yoga';

export interface HealthOptions {
  /** Rejects when requests cannot be answered now. */
  check(): Promise<unknown>;
  /** Whether the server is about to stop. */
  isDraining(): boolean;
}

/** `/health`: the process runs. `/ready`: it can answer, and goes on to. Both also below `base`. */
export function health(base: string, { check, isDraining }: HealthOptions): Plugin {
  return {
    async onRequest({ url, request, fetchAPI: { Response }, endResponse }) {
      if (request.method !== 'GET' && request.method !== 'HEAD') return;
      const path = url.pathname.startsWith(`${base}/`) ? url.pathname.slice(base.length) : url.pathname;
      if (path === '/health') endResponse(Response.json({ status: 'ok' }));
      if (path === '/ready') {
        const status = isDraining() ? 'stopping' : await statusOf(check);
        endResponse(Response.json({ status }, { status: status === 'ok' ? 200 : 503 }));
      }
    },
  };
}

const statusOf = (check: () => Promise<unknown>): Promise<'ok' | 'unavailable'> =>
  check().then(
    () => 'ok',
    () => 'unavailable',
  );
