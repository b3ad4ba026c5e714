import { writeSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { type Observed, observed } from './observed.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof levels)[number];

export type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One line each: whatever reads logs reads lines. */
export interface Logger {
  write(level: Level, message: string, fields?: Fields): void;
  isOn(level: Level): boolean;
}

interface LoggerOptions {
  level: Level;
  format: 'json' | 'text';
  /** Where lines go, with the line break; standard error, for standard output may be a protocol's. */
  print?: (text: string) => void;
  now?: () => Date;
}

export function createLogger({ level, format, print = printer(), now = () => new Date() }: LoggerOptions): Logger {
  const lowest = levels.indexOf(level);
  const isOn = (each: Level) => levels.indexOf(each) >= lowest;
  return {
    isOn,
    write(each, message, fields = {}) {
      if (!isOn(each)) return;
      const entry = { ...ofRequest(observed()), ...fields };
      const text = oneLine(message);
      print(
        `${format === 'json' ? JSON.stringify({ time: now().toISOString(), level: each, message: text, ...entry }) : readable(now(), each, text, entry)}\n`,
      );
    },
  };
}

/** A line about something that happened during a request names it. */
const ofRequest = (entry: Observed | undefined): Fields => (entry ? { requestId: entry.id, principal: entry.principal } : {});

function readable(at: Date, level: Level, message: string, fields: Fields): string {
  const shown = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  return [at.toISOString().slice(11, 23), level.padEnd(5), message, ...shown].join(' ');
}

const oneLine = (text: string): string =>
  withoutSecrets(
    stripVTControlCharacters(text)
      .trim()
      .replace(/\s*[\r\n]+\s*/g, ' | '),
  );

/** The last line of defence: nothing puts them in, but what libraries and databases say is not ours. */
const withoutSecrets = (text: string): string =>
  text
    .replace(/\bfacet_[\w-]{16,}/g, 'facet_…')
    .replace(/\b(Bearer|Basic) +[\w.~+/=-]{8,}/gi, '$1 …')
    .replace(/\b(token|password|secret)=[^\s&"']+/gi, '$1=…')
    .replace(/\b(\w+:\/\/[^\s:/@]+):[^\s@/]+@/g, '$1:…@');

/** Lines of one turn of the event loop go out together; the last ones also when the process ends. */
function printer(): (text: string) => void {
  let waiting = '';
  const flush = () => {
    const text = waiting;
    waiting = '';
    if (text) process.stderr.write(text);
  };
  process.once('exit', () => {
    if (waiting) writeSync(2, waiting);
  });
  return (text) => {
    if (!waiting) setImmediate(flush);
    waiting += text;
  };
}
