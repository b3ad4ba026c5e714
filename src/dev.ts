import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// `npm run dev`: the server and Vite, which stop together.

const server = [
  '--max-semi-space-size=4',
  '--disable-warning=ExperimentalWarning',
  fileURLToPath(new URL('main.ts', import.meta.url)),
  '--dev',
];
const vite = [
  fileURLToPath(new URL('../node_modules/vite/bin/vite.js', import.meta.url)),
  fileURLToPath(new URL('web', import.meta.url)),
  '--configLoader',
  'native',
];

const running = new Set<ChildProcess>();
for (const args of [server, vite]) start(args);

function start(args: readonly string[]): void {
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  running.add(child);
  child.once('exit', (code) => {
    running.delete(child);
    process.exitCode ||= code ?? 0;
    stop('SIGTERM');
  });
}

function stop(signal: NodeJS.Signals): void {
  for (const child of running) child.kill(signal);
}

// At a terminal Ctrl-C reaches all three; whoever sends a signal to this process alone means all three, too.
process.on('SIGINT', () => stop('SIGINT'));
process.on('SIGTERM', () => stop('SIGTERM'));
