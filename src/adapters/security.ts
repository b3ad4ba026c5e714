import type { Plugin } from 'graphql-yoga';

/** What every answer says that says nothing else: it is nothing to be framed, to be guessed at or to run anything from. */
const closed: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
};

/** `secure`: the server is reached by https, and from then on by nothing else. */
export const security = ({ secure }: { secure: boolean }): Plugin => {
  const said = Object.entries(secure ? { ...closed, 'strict-transport-security': 'max-age=31536000' } : closed);
  return {
    onResponse({ response: { headers } }) {
      for (const [name, value] of said) if (!headers.has(name)) headers.set(name, value);
    },
  };
};

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
