import { parseArgs } from 'node:util';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { readToolset } from './adapters/mcp/toolsets.ts';
import { loadConfig } from './config.ts';
import { prepareDatabase } from './db/prepare.ts';
import { DomainError } from './errors.ts';

// Standard output is the protocol's: a stray line would break the client.
console.log = console.error;

const thisMachine = { address: '127.0.0.1' };

try {
  await start();
} catch (error) {
  console.error(error instanceof DomainError ? error.message : error);
  process.exit(1);
}

/** MCP over standard input and output: one assistant, in a process of its own, on the database of the settings. */
async function start(): Promise<void> {
  const { dev, toolset, readonly } = readFlags();
  const config = loadConfig({ dev });
  const asker = askerOf(config.mcpKey, { toolset, readonly });
  if (!dev && !config.mcpKey)
    throw new DomainError('UNAUTHENTICATED', 'Set FACET_API_KEY to the key the assistant acts with, or start with --dev on this machine.');

  const [{ assistantScopes, createServer }, { createAuth }, database] = await Promise.all([
    import('./server.ts'),
    import('./auth/index.ts'),
    prepareDatabase(config),
  ]);
  if (config.seed > 0) {
    const { seedWhenEmpty } = await import('./db/seed.ts');
    await seedWhenEmpty(database, config.seed);
  }
  const auth = await createAuth({ database, config, scopes: assistantScopes });
  const app = createServer({ database, config, auth });
  const close = async () => {
    await Promise.all([app.dispose(), auth.dispose()]);
    await database.close();
  };

  if (!(await auth.resolve(asker, thisMachine))) {
    await close();
    throw new DomainError('UNAUTHENTICATED', 'FACET_API_KEY is no key of this server. Make one in the user interface, under API keys.');
  }
  app.start();
  const connection = serveStdio(app.mcp(asker), { onerror: (error) => console.error(error.message) });

  const stop = once(async () => {
    await connection.close();
    await close();
    process.exit(0);
  });
  process.stdin.on('end', stop);
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
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
