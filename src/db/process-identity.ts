import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Says which process, so that a later one with the same pid is not taken for it. Empty where the system does not tell. */
export interface ProcessIdentity {
  pid: number;
  started: string;
  boot: string;
  /** A container sees only the processes of its own namespace. */
  namespace: string;
  host: string;
}

export function ownIdentity(): ProcessIdentity {
  return {
    pid: process.pid,
    started: startOf(process.pid) ?? '',
    boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? '',
    namespace: attempt(() => readlinkSync('/proc/self/ns/pid')) ?? '',
    host: hostname(),
  };
}

/** `unknown` = it ran where we cannot look: another machine or another container. */
export function stateOf(other: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  const own = ownIdentity();
  if (other.host !== own.host) return 'unknown';
  if (other.boot !== own.boot) return 'dead';
  if (other.namespace !== own.namespace) return 'unknown';
  if (own.started) return startOf(other.pid) === other.started ? 'alive' : 'dead';
  return answersSignals(other.pid) ? 'alive' : 'dead';
}

/** Clock ticks between boot and start of the process; undefined when it does not run (a zombie does not). */
function startOf(pid: number): string | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is the program's name and may contain anything, also spaces and brackets.
  const [state, ...fields] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return state === 'Z' ? undefined : fields[18];
}

function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Not ours to signal, but there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
