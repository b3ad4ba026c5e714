import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.ts';

/** Serves metrics at an address of their own, which need not be open to those who use the server. */
export async function serveMetrics(metrics: Pick<Metrics, 'text'>, port: number, host: string): Promise<{ server: Server; port: number }> {
  const server = createServer((message, response) => {
    if (message.url?.split('?', 1)[0] !== '/metrics' || !['GET', 'HEAD'].includes(message.method ?? ''))
      return void response.writeHead(404, { 'content-type': 'text/plain' }).end('Metrics are at GET /metrics.\n');
    metrics.text().then(
      (text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  // Not alone what keeps the process running.
  server.unref();
  return { server, port: (server.address() as AddressInfo).port }; // a server on a TCP port has one
}
