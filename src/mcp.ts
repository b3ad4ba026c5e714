import { randomBytes } from 'node:crypto';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { readToolset } from './adapters/mcp/toolsets.ts';
import { sealing } from './auth/secret.ts';
import { type Config, loadConfig } from './config.ts';
import type { Database } from './db/client.ts';
import { prepareDatabase } from './db/prepare.ts';
import { DomainError } from './errors.ts';
import { describe } from './server/describe.ts';
import type { App } from './server.ts';

// Standard output is the protocol's: a stray line would break the client.
console.log = console.error;

const thisMachine = { address: '127.0.0.1' };

// Assistants give up what does not answer within seconds; compiled modules load in half the time.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/compile'));

try {
  start();
} catch (error) {
  console.error(error instanceof DomainError ? error.message : error);
  process.exit(1);
}

/** MCP over standard input and output: one assistant, in a process of its own, on the database of the settings. */
function start(): void {
  const { dev, toolset, readonly } = readFlags();
  const config = loadConfig({ dev });
  const asker = askerOf(config.mcpKey, { toolset, readonly });
  if (!dev && !config.mcpKey)
    throw new DomainError('UNAUTHENTICATED', 'Set FACET_API_KEY to the key the assistant acts with, or start with --dev on this machine.');

  const opening = whenNeeded(() => open(config, asker));
  const callers = async () => (await opening.done()).app.callers(asker);
  const { servers } = describe({ log: console.error }).tools({
    createContext: async (request, signal) => (await callers()).createContext(request, signal),
    principalOf: async (request) => (await callers()).principalOf(request),
    // What is agreed to in a conversation is of no use to another process.
    seal: sealing(randomBytes(32)),
  });
  const connection = serveStdio(servers({ fallback: asker }), { onerror: (error) => console.error(error.message) });

  const stop = once(async () => {
    await connection.close();
    await opening.close();
    process.exit();
  });
  process.stdin.on('end', stop);
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

interface Opened {
  app: App;
  close(): Promise<void>;
}

/** Everything that a call needs, and the answer to `initialize` does not. */
async function open(config: Config, asker: Request): Promise<Opened> {
  const database = await prepareDatabase(config);
  try {
    return await serve(database, config, asker);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function serve(database: Database, config: Config, asker: Request): Promise<Opened> {
  const [{ assistantScopes, createServer }, { createAuth }] = await Promise.all([import('./server.ts'), import('./auth/index.ts')]);
  if (config.seed > 0) {
    const { seedWhenEmpty } = await import('./db/seed.ts');
    await seedWhenEmpty(database, config.seed);
  }
  // Nobody signs in here, so that what sign-ins are protected with need not be known.
  const secret = randomBytes(32).toString('base64url');
  const auth = await createAuth({ database, config: { ...config, secret, secretPrevious: [] }, scopes: assistantScopes });
  if (!(await auth.resolve(asker, thisMachine)))
    throw new DomainError('UNAUTHENTICATED', 'FACET_API_KEY is no key of this server. Make one in the user interface, under API keys.');
  const app = createServer({ database, config, auth });
  app.start();
  const close = async () => {
    await Promise.all([app.dispose(), auth.dispose()]);
    await database.close();
  };
  return { app, close };
}

/** Begins with the first that needs it, and anew after a failure: a database that was in use or away may be there by now. */
function whenNeeded(begin: () => Promise<Opened>) {
  let opened: Opened | undefined;
  let opening: Promise<Opened> | undefined;
  async function attempt(): Promise<Opened> {
    try {
      opened = await begin();
      process.exitCode = 0;
      return opened;
    } catch (error) {
      opening = undefined;
      process.exitCode = 1;
      console.error(error instanceof DomainError ? error.message : error);
      throw error;
    }
  }
  return {
    done: () => {
      opening ??= attempt();
      return opening;
    },
    // What is still being opened survives that its process ends.
    close: async () => opened?.close(),
  };
}
/** Stands for the assistant where no HTTP request does. */
function askerOf(mcpKey: string | undefined, { toolset, readonly }: Omit<Flags, 'dev'>): Request {
  const url = new URL('http://localhost/mcp');
  if (toolset) url.searchParams.set('toolset', toolset);
  if (readonly) url.searchParams.set('readonly', 'true');
  readToolset(url.searchParams);
  return new Request(url, { headers: mcpKey ? { authorization: `Bearer ${mcpKey}` } : {} });
}

interface Flags {
  dev: boolean;
  toolset?: string | undefined;
  readonly: boolean;
}

function readFlags(): Flags {
  try {
    const { values } = parseArgs({
      options: { dev: { type: 'boolean' }, toolset: { type: 'string' }, readonly: { type: 'boolean' } },
    });
    return { dev: false, readonly: false, ...values };
  } catch (error) {
    throw new DomainError(
      'BAD_INPUT',
      `${error instanceof Error ? error.message : error} The options are --dev, --toolset full and --readonly.`,
    );
  }
}

/** Input that ends and a signal often come together. */
function once(work: () => Promise<void>): () => void {
  let begun = false;
  return () => {
    if (begun) return;
    begun = true;
    void work();
  };
}
