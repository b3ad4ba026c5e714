import type { Plugin } from 'graphql-yoga';

/** What every answer says that says nothing else: it is nothing to be framed, to be guessed at or to run anything from. */
const closed: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
};

/** What every answer says. `secure`: the server is reached by https, and from then on by nothing else. */
export const securityHeaders = ({ secure }: { secure: boolean }): Readonly<Record<string, string>> =>
  secure ? { ...closed, 'strict-transport-security': 'max-age=31536000' } : closed;

/** What HTTP wants to be told with a status: a stranger, by what they can sign in. */
export const statusHeaders = (status: number): Readonly<Record<string, string>> =>
  status === 401 ? { 'www-authenticate': 'Bearer realm="Facet CRM"' } : {};

/** What the answer to each request says, unless it says otherwise. */
export const security = (headersOf: (request: Request, status: number) => Readonly<Record<string, string>>): Plugin => ({
  onResponse({ request, response: { headers, status } }) {
    const said = headersOf(request, status);
    for (const name in said) {
      if (name === 'vary') headers.append(name, said[name] ?? '');
      else if (!headers.has(name)) headers.set(name, said[name] ?? '');
    }
  },
});

/** A page of this server: nothing from elsewhere, beside what is said. */
export const policyOf = (directives: Readonly<Record<string, string>>): string =>
  Object.entries({
    'default-src': "'none'",
    'img-src': "'self' data:",
    'connect-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
    ...directives,
  })
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
