import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import './dev/stop-with-parent.ts';

// `npm run dev`: the server and Vite, which stop together. Options go to Vite: `npm run dev -- --port 5174`.

const root = join(import.meta.dirname, '..');
const [, ...server] = packageJson.scripts['dev:server'].split(' ');
const [, ...vite] = packageJson.scripts['dev:web'].split(' ');

console.log('Starting the server and the user interface (the first time takes up to a minute) …');
const running = new Set<ChildProcess>();
for (const args of [server, [join(root, 'node_modules/vite/bin/vite.js'), ...vite, ...process.argv.slice(2)]]) start(args);

function start(args: readonly string[]): void {
  const follow = `--import=${join(import.meta.dirname, 'dev/stop-with-parent.ts')}`;
  const child = spawn(process.execPath, [follow, ...args], { cwd: root, stdio: 'inherit' });
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
for (const signal of ['SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) process.on(signal, () => stop('SIGTERM'));

// npm runs scripts in a shell, which outlives an npm that is killed.
const npm = parentOf(process.ppid);
if (npm)
  setInterval(() => {
    if (!isRunning(npm)) stop('SIGTERM');
  }, 500).unref();

/** Undefined where the system has no `ps`. */
function parentOf(pid: number): number | undefined {
  try {
    return Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] })) || undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // another user's, such as root's
  }
}
