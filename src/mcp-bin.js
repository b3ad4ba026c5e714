#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

// Assistants start it with whatever Node they find, anywhere; the server needs its own, and its directory for .env and .data.
const root = join(import.meta.dirname, '..');
const node = join(createRequire(import.meta.url).resolve('node/package.json'), '../bin/node');
const flags = ['--disable-warning=ExperimentalWarning', join(root, 'src/mcp.ts'), ...process.argv.slice(2)];
const server = spawn(node, flags, { cwd: root, stdio: 'inherit' });

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('exit', (code) => process.exit(code ?? 1));
