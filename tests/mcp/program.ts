import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The program that assistants start, spoken to line by line, in the protocol of 2025. */
export interface Program {
  initialize(): Promise<Record<string, unknown>>;
  /** The result of a request; throws the error that was answered. */
  ask(method: string, params?: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** The notifications that have come so far. */
  notified(): string[];
  /** Closes its input; resolves to its exit code. */
  end(): Promise<number | null>;
}

interface Message {
  id?: number;
  method?: string;
  result?: Record<string, unknown>;
  error?: { message: string };
}

export function program(settings: Record<string, string>, ...flags: string[]): Program {
  const root = join(import.meta.dirname, '../..');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'src/mcp.ts'), ...flags], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...settings },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const waiting = new Map<number, PromiseWithResolvers<Record<string, unknown>>>();
  const notifications: string[] = [];
  createInterface(child.stdout).on('line', (line) => {
    const { id, method, result, error } = JSON.parse(line) as Message; // whatever is no message fails the test
    if (method !== undefined) notifications.push(method);
    const asked = id === undefined ? undefined : waiting.get(id);
    if (result) asked?.resolve(result);
    else asked?.reject(new Error(error?.message));
  });
  const gone = once(child, 'close');
  let ids = 0;
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const ask: Program['ask'] = (method, params) => {
    const answer = Promise.withResolvers<Record<string, unknown>>();
    waiting.set(++ids, answer);
    send({ id: ids, method, ...(params && { params }) });
    return answer.promise;
  };
  return {
    ask,
    initialize: async () => {
      const clientInfo = { name: 'test', version: '1.0.0' };
      const answer = await ask('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
      send({ method: 'notifications/initialized' });
      return answer;
    },
    notified: () => notifications,
    end: async () => {
      child.stdin.end();
      await gone;
      return child.exitCode;
    },
  };
}
