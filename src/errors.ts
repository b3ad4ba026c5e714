import { GraphQLError } from 'graphql';

/** Every answerable failure and its HTTP status. A failure that is not in this table is a bug and is masked. */
export const statusOf = {
  BAD_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  GONE: 410,
  ERASED: 410,
  TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  IDEMPOTENCY_MISMATCH: 422,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
} as const;

export type ErrorCode = keyof typeof statusOf;

/** One thing wrong with an input: where (`path`, in the names the caller used) and what. */
export interface InputIssue {
  path: (string | number)[];
  message: string;
  /** What stood in the way of this item of a bulk write, as in `ErrorDetail`. */
  current?: Record<string, unknown>;
}

/** What a caller can act on besides the message. All of it reaches the client in `extensions`. */
export interface ErrorDetail {
  /** All that is wrong with a BAD_INPUT, not only the first. */
  errors?: InputIssue[];
  /** The version (and record) that stood in the way of a CONFLICT. */
  current?: Record<string, unknown>;
  /** Seconds after which trying again makes sense. */
  retryAfter?: number;
  /** Which limit of a document it exceeds. */
  exceeded?: string;
}

/** A failure the caller can understand: `message` says what happened and what to do next. */
export class DomainError extends GraphQLError {
  readonly code: ErrorCode;
  /** The values that a constraint refused, by field; for finding the record they came from, not for clients. */
  refused?: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    const { retryAfter } = detail;
    const http = { status: statusOf[code], ...(retryAfter !== undefined && { headers: { 'retry-after': String(retryAfter) } }) };
    super(message, { extensions: { code, http, ...detail } });
    this.name = 'DomainError';
    this.code = code;
  }
}

/** A BAD_INPUT that lists every issue; the message repeats them for people and assistants. */
export function badInput(errors: InputIssue[]): DomainError {
  const listed = errors.map(({ path, message }) => (path.length ? `${path.join('.')}: ${message}` : message));
  return new DomainError('BAD_INPUT', listed.join('; '), { errors });
}

/** The same failure with its paths in other names, in the message too. */
export function withPaths(error: DomainError, rename: (path: InputIssue['path']) => InputIssue['path']): DomainError {
  const { errors, code: _code, http: _http, ...detail } = error.extensions as ErrorDetail & { code?: unknown; http?: unknown }; // set above
  if (!errors) return error;
  const renamed = errors.map((issue) => ({ ...issue, path: rename(issue.path) }));
  const told = (path: InputIssue['path'] = []) => (path.length ? `${path.join('.')}: ` : '');
  const message = errors.reduce((text, { path }, index) => text.replace(told(path), told(renamed[index]?.path)), error.message);
  return Object.assign(new DomainError(error.code, message, { ...detail, errors: renamed }), { refused: error.refused });
}

/** Lost against another transaction; or planned before its table was changed, which PostgreSQL tells but once. */
const retryable = new Set(['40001', '40P01', '0A000']);

/**
 * What a database error means to the caller: `retry` for a transaction that lost against another, a DomainError
 * for a broken constraint or a database that cannot answer now, undefined for anything else (a bug, or no database error).
 */
export function databaseFailure(error: unknown): DomainError | 'retry' | undefined {
  const { code, constraint, table, message = '', detail = '' } = sqlError(error);
  if (!code) return undefined;
  if (retryable.has(code)) return 'retry';
  const refused = refusedValues(detail);
  const fields = Object.keys(refused).length ? Object.keys(refused) : constraint ? [fieldOf(constraint, table)] : [];
  const [field] = fields;
  const at = (text: string): InputIssue[] =>
    field ? fields.map((name) => ({ path: [name], message: text })) : [{ path: [], message: text }];
  switch (code) {
    case '23505':
      return Object.assign(taken(fields), { refused });
    case '23001':
      return stillReferenced();
    case '23503':
      if (message.startsWith('update or delete')) return stillReferenced();
      return Object.assign(badInput(at('points to a record that does not exist')), { refused });
    case '23514':
    case '22003':
      return badInput(at('is outside the allowed range'));
    case '57014':
      return new DomainError('UNAVAILABLE', 'The database took too long. Ask for less (a filter, a smaller page) or try again later.', {
        retryAfter: 5,
      });
    case '53100':
      return new DomainError(
        'UNAVAILABLE',
        'The disk of the database is full. Nothing was changed, and reading goes on; try again once whoever runs the server has made space.',
        { retryAfter: 30 },
      );
    case '53300':
    case '57P01':
    case '57P03':
    case 'P2024':
    case 'P1001':
      return new DomainError('UNAVAILABLE', 'The database cannot answer right now. Nothing was changed; try again in a moment.', {
        retryAfter: 1,
      });
    case 'P2028':
      return new DomainError(
        'UNAVAILABLE',
        'The work took longer than a transaction may, or waited too long for one. Nothing was changed; do less at once, or try again in a moment.',
        { retryAfter: 1 },
      );
    case 'P1017':
      return new DomainError(
        'UNAVAILABLE',
        'The connection to the database was lost before it answered. Read again at any time; before you repeat a change, look whether it was made, or send it with its idempotency key.',
        { retryAfter: 1 },
      );
    default:
      // Class 22: a value that the type cannot hold, such as a forged cursor. Division by zero would be ours.
      return /^22(?!012)/.test(code) ? badInput([{ path: [], message: 'a value is malformed or out of range' }]) : undefined;
  }
}

/** Whether a DELETE was refused because of what points to the record; only who sent the DELETE can tell, in whatever language. */
export const isStillReferenced = (error: unknown): boolean => ['23001', '23503'].includes(sqlError(error).code ?? '');

const stillReferenced = () =>
  new DomainError('CONFLICT', 'Other records still point to this one. Delete those or point them elsewhere first.');

function taken(fields: readonly string[]): DomainError {
  const [only = 'value'] = fields;
  const what = fields.length > 1 ? `combination of ${fields.slice(0, -1).join(', ')} and ${fields.at(-1)}` : only;
  const together = fields.length > 1 ? 'is already taken in this combination' : 'is already taken';
  return new DomainError('CONFLICT', `Another record already has this ${what}. Choose another, or update that record.`, {
    errors: fields.length ? fields.map((field) => ({ path: [field], message: together })) : [{ path: [], message: together }],
  });
}

/** `Key (lower(email::text))=(a@b.c) already exists.` → the values by field; the rest of the sentence depends on the server's language. */
function refusedValues(detail: string): Record<string, string> {
  const [, columns, values] = /\((.+)\)=\((.*)\)/s.exec(detail) ?? [];
  const names = columns
    ?.split(', ')
    .map((column) => camel(column.replace(/^lower\(+(.*?)\)*(::\w+\)*)?$/, '$1').replaceAll(/"|::.*/g, '')));
  if (!names || values === undefined) return {};
  // Values that hold the separator themselves cannot be told apart.
  const parts = names.length === 1 ? [values] : values.split(', ');
  return Object.fromEntries(names.map((name, index) => [name, parts[index] ?? '']));
}

const camel = (column: string): string => column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

interface DriverFailure {
  code?: string;
  detail?: string;
  constraint?: string;
  table?: string;
  meta?: { driverAdapterError?: { cause?: DriverCause } };
}

interface DriverCause {
  originalCode?: string;
  originalMessage?: string;
  detail?: string;
}

/** SQLSTATE (or Prisma's own code), the constraint with its table, and the words of a driver's error or of one that Prisma has wrapped; the fields are not typed. */
function sqlError(error: unknown): { code?: string; constraint?: string; table?: string; message?: string; detail?: string } {
  if (!(error instanceof Error)) return {};
  const { code, meta, constraint: named, table: its, detail: told } = error as DriverFailure;
  // What is said to the commit of a transaction is the one thing that Prisma passes on as it was said.
  const toCommit = error.name === 'DriverAdapterError' ? (error.cause as DriverCause) : undefined;
  if (toCommit && /^(08|57P)/.test(toCommit.originalCode ?? '08')) return { code: 'P1017' };
  const cause = toCommit ?? meta?.driverAdapterError?.cause;
  const found = cause?.originalCode ?? code;
  const constraint = named ?? cause?.originalMessage?.match(/constraint "([^"]+)"/)?.[1];
  const table = its ?? cause?.originalMessage?.match(/(?:table|relation) "([^"]+)"/)?.[1];
  const message = cause?.originalMessage ?? error.message;
  const detail = told ?? cause?.detail ?? '';
  return { ...(found && { code: found }), ...(constraint && { constraint }), ...(table && { table }), message, detail };
}

/** `orders_order_number_key` → `orderNumber`: constraints carry the table and the column, as PostgreSQL and Prisma name them. */
const fieldOf = (constraint: string, table = constraint.split('_')[0] ?? ''): string =>
  camel((constraint.startsWith(`${table}_`) ? constraint.slice(table.length + 1) : constraint).replace(/_(key|fkey|check|idx)$/, ''));
