import { STATUS_CODES } from 'node:http';
import { anchorOf, problemTypes } from '../rest/problem-types.ts';

/** What every error means and what to do about it: the page that their `type` leads to. */
export const errorsPage = (title: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Errors · ${marked(title)}</title>
    <style>
      body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
      section { padding: 0 0.75rem; border-left: 3px solid transparent }
      section:target { border-color: currentColor }
      pre { overflow-x: auto }
    </style>
  </head>
  <body>
    <h1>Errors</h1>
    <p>
      Over REST an error is <code>application/problem+json</code> (RFC 9457): <code>type</code> leads here, <code>code</code> is what
      programs branch on, <code>detail</code> is for people. GraphQL has the code in <code>extensions.code</code>, tools of assistants
      at the beginning of the text. <code>X-Request-Id</code>, on every answer, names the request in the log of the server.
    </p>
    <nav><ul>${[...problemTypes.keys()].map((code) => `<li><a href="#${anchorOf(code)}">${code}</a></li>`).join('')}</ul></nav>
${[...problemTypes].map(section).join('\n')}
  </body>
</html>
`;

const section = ([code, { status, meaning, remedy }]: readonly [string, { status: number; meaning: string; remedy: string }]): string =>
  `    <section id="${anchorOf(code)}">
      <h2>${code} <small>${status} ${STATUS_CODES[status]}</small></h2>
      <p>${marked(meaning)}</p>
      <p>${marked(remedy)}</p>
    </section>`;

/** Text with `code` in it, as HTML. */
const marked = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>');
