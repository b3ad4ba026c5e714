import { type ErrorCode, statusOf } from '../../errors.ts';

/** A kind of failure, for whoever has to deal with it. */
export interface ProblemType {
  status: number;
  /** What it means. */
  meaning: string;
  /** What a program can do about it. */
  remedy: string;
}

type ProblemCode = ErrorCode | 'METHOD_NOT_ALLOWED' | 'INTERNAL';

const inWords: Readonly<Record<ProblemCode, Omit<ProblemType, 'status'>>> = {
  BAD_INPUT: {
    meaning: 'The request is not as documented.',
    remedy: '`errors` has every fault with its `path`, in the names you used. Correct them all and send the request again.',
  },
  UNAUTHENTICATED: {
    meaning: 'Nobody is signed in, or the credential is wrong, has expired or was taken back.',
    remedy: 'Sign in, or send an API key as `Authorization: Bearer facet_…`. Keys are made on the page Account.',
  },
  FORBIDDEN: {
    meaning: 'You do not have permission to do this.',
    remedy: '`detail` names the scope that is needed. `GET /api/me` tells the scopes of a credential.',
  },
  NOT_FOUND: {
    meaning: 'There is no such record, or none that you can see; or nothing is at this address.',
    remedy: 'List the records to find the right id. `trash=include` shows those in the trash too.',
  },
  METHOD_NOT_ALLOWED: { meaning: 'The address has no such method.', remedy: 'The header `Allow` lists those it has.' },
  CONFLICT: {
    meaning:
      'The change does not fit what is stored: a value that must be unique is taken, a step of a workflow is not possible now, or something still depends on the record. With the status 412: the record is no longer at the version of your `If-Match`.',
    remedy:
      '`current` or `errors` say what stands in the way. Read the record again and decide; sending the same request again will not help.',
  },
  GONE: {
    meaning: 'The change log no longer goes back to this cursor, or the cursor is that of another log.',
    remedy: 'Read the records anew, then follow the log from its newest cursor.',
  },
  ERASED: {
    meaning: 'What the request would bring back or repeat was erased, for good.',
    remedy: 'Do without. `errors` names the records; what is not of them can be undone record by record.',
  },
  TOO_LARGE: { meaning: 'The request asks for too much at once.', remedy: 'Send less at a time, in several requests.' },
  UNSUPPORTED_MEDIA_TYPE: {
    meaning: 'The body is not declared as JSON in UTF-8.',
    remedy: 'Send `Content-Type: application/json`, and no `Content-Encoding`.',
  },
  IDEMPOTENCY_MISMATCH: {
    meaning: 'The `Idempotency-Key` was used for another request.',
    remedy: 'Use a new key for each new request, and the same one only to repeat it.',
  },
  RATE_LIMITED: {
    meaning: 'Too many requests.',
    remedy: 'Wait as many seconds as `Retry-After` says. The headers `RateLimit` and `RateLimit-Policy` tell beforehand what is left.',
  },
  INTERNAL: {
    meaning: 'A fault of the server. It is in the log under `id`.',
    remedy: 'Give the `id` to the server’s operator. A write can be repeated safely with its `Idempotency-Key`.',
  },
  UNAVAILABLE: {
    meaning: 'The server cannot answer now, mostly because the database cannot.',
    remedy: 'Wait as many seconds as `Retry-After` says, then send the request again.',
  },
};

/** Every `code` of an error, in the order of their statuses. */
export const problemTypes: ReadonlyMap<string, ProblemType> = new Map(
  Object.entries(inWords)
    .map(([code, words]): [string, ProblemType] => [
      code,
      { status: code === 'INTERNAL' ? 500 : code === 'METHOD_NOT_ALLOWED' ? 405 : statusOf[code as ErrorCode], ...words }, // the keys are the codes
    ])
    .toSorted(([, a], [, b]) => a.status - b.status),
);

/** Where errors are explained. */
export const problemPage = '/docs/errors';

/** The `type` of a problem: the address at which it is explained. It never changes. */
export const problemUri = (code: string): string => `${problemPage}#${anchorOf(code)}`;

/** `BAD_INPUT` → `bad-input` */
export const anchorOf = (code: string): string => code.toLowerCase().replaceAll('_', '-');
