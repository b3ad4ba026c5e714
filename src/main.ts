import { createServer as createHttpServer, type Server } from 'node:http';
import { enableCompileCache } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import packageJson from '../package.json' with { type: 'json' };
import { type Config, loadConfig } from './config.ts';
import { prepareDatabase } from './db/prepare.ts';
import { DomainError } from './errors.ts';
import { createLogger } from './logger.ts';
import { observe } from './observe/index.ts';
import { PacedMessage } from './server/paced-message.ts';

let debug = false;

// V8 lets the heap grow to four times what is in use before it collects; a third more costs the same time and half the memory.
setFlagsFromString('--heap-growing-percent=30');
// The second start finds its modules compiled, which is a quarter of its time.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/compile'));

try {
  await start();
} catch (error) {
  console.error(debug || !(error instanceof DomainError) ? error : error.message);
  process.exit(1);
}

async function start(): Promise<void> {
  const config = loadConfig({ dev: readFlags().dev });
  debug = config.logLevel === 'debug';
  const slow = config.logLevel === 'error' ? undefined : sayWhileStarting();

  // Schema and database prepare each other's wait: neither needs the other yet.
  const [{ assistantScopes, createServer }, { createAuth }, database] = await Promise.all([
    import('./server.ts'),
    import('./auth/index.ts'),
    prepareDatabase(config),
  ]);
  if (config.seed > 0) {
    const { seedWhenEmpty } = await import('./db/seed.ts');
    await seedWhenEmpty(database, config.seed);
  }

  const logger = createLogger({
    level: config.logLevel,
    format: config.observe.format ?? (config.dev || process.stderr.isTTY ? 'text' : 'json'),
  });
  const log = (line: string) => logger.write('error', line);
  // Links that open something are for the operator's eyes, and for no log.
  const auth = await createAuth({ database, config, scopes: assistantScopes, log, say: console.log });
  const app = createServer({ database, config, auth, log, pages: join(import.meta.dirname, '../dist') });
  const read = async () => ({ ...(await app.readings()), pool: database.pool?.() });
  const observation = await observe({ config, logger, version: packageJson.version, handle: app.handle, read });
  const http = createHttpServer({ IncomingMessage: PacedMessage }, observation.handle);
  const port = await listen(http, config);
  app.start();
  clearInterval(slow);
  if (logger.isOn('info'))
    console.log(
      `ready http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port} in ${Math.round(performance.now())} ms`,
    );

  await auth.announce(port);

  onceSignalled(async (signal) => {
    // Load balancers look at /api/ready every few seconds; nobody balances a terminal.
    app.drain();
    if (signal === 'SIGTERM') await wait(config.shutdownDelaySeconds * 1000);
    const closed = new Promise((resolve) => http.close(resolve));
    await Promise.race([Promise.all([closed, app.dispose?.(), auth.dispose()]), wait(config.shutdownGraceSeconds * 1000)]);
    http.closeAllConnections();
    // Its statements may have hung, too.
    await Promise.race([Promise.all([observation.close(), database.close()]), wait(2000)]);
    process.exit(0);
  });
}

/** On a busy or slow machine, a line instead of silence. */
function sayWhileStarting(): NodeJS.Timeout {
  return setInterval(() => console.error(`Still starting after ${Math.round(performance.now() / 1000)} s …`), 5000);
}

function readFlags(): { dev: boolean } {
  try {
    return { dev: false, ...parseArgs({ options: { dev: { type: 'boolean' } } }).values };
  } catch (error) {
    throw new DomainError(
      'BAD_INPUT',
      `${error instanceof Error ? error.message : error} The only option is --dev; everything else is a setting.`,
    );
  }
}

function listen(http: Server, { port, host }: Config): Promise<number> {
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${port} on ${host} is in use. Stop the program that uses it, or choose another port with PORT.`,
    EACCES: `This user may not listen on port ${port}. Choose a port above 1023 with PORT.`,
    EADDRNOTAVAIL: `${host} is not an address of this machine. Correct HOST.`,
    ENOTFOUND: `There is no host ${host}. Correct HOST.`,
  };
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      const reason = reasons[error.code ?? ''];
      reject(reason ? new DomainError('UNAVAILABLE', reason) : error);
    });
    // A server on a TCP port always has an AddressInfo; a string is a pipe.
    http.listen(port, host, () => resolve((http.address() as AddressInfo).port));
  });
}

/** The first signal closes in order; a later one, from somebody in a hurry, ends at once. */
function onceSignalled(close: (signal: NodeJS.Signals) => Promise<void>): void {
  let since: number | undefined;
  const stop = (signal: NodeJS.Signals) => {
    // npm passes on the Ctrl-C that the terminal has sent us already: that is one wish, not two.
    if (since !== undefined && performance.now() - since > 1000) process.exit(1);
    if (since !== undefined) return;
    since = performance.now();
    void close(signal);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
