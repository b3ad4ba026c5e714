/** An answer before it is a Response of any kind. */
export interface Reply {
  /** Null: none, not even an empty one. */
  body: string | null;
  /** How the body becomes bytes: what was planned is bytes in a latin1 string already. */
  encoding: 'utf8' | 'latin1';
  status: number;
  headers: Record<string, string>;
}

export const responseOf = ({ body, encoding, ...init }: Reply): Response =>
  new Response(body === null ? null : Buffer.from(body, encoding), init);
