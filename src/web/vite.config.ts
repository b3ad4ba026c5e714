import { pathToFileURL } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { writeDocuments } from '../../codegen.ts';

/** Documents are typed before anything is compiled, and again when a file changes. */
const documents: Plugin = {
  name: 'documents',
  buildStart: writeDocuments,
  async watchChange(file) {
    if (!file.includes('/gql/')) await writeDocuments();
  },
};

/** What the server answers within the page, beside the page. */
const question: Plugin = {
  name: 'question',
  apply: 'build',
  async generateBundle() {
    // Written by now: it is generated itself.
    const { PageDataDocument } = await import(new URL('gql/graphql.ts', pathToFileURL(`${import.meta.dirname}/`)).href);
    this.emitFile({ type: 'asset', fileName: 'page.graphql', source: String(PageDataDocument) });
  },
};

/** What a page consists of besides what every page begins with, by its address. */
const pages = {
  '^/$': 'home/home-page',
  '^/r/[^/]+/?$': 'list/list-page',
  '^/r/[^/]+/\\d+/?$': 'record/record-page',
  '^/account/?$': 'account/account-page',
};

/** Fetched along with what every page begins with, not when that has run and asks for it. */
const together: Plugin = {
  name: 'together',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle = {} }) {
      const chunks = Object.values(bundle).filter((each) => each.type === 'chunk');
      const needed = (files: readonly string[], found = new Set<string>()): Set<string> => {
        for (const file of files.filter((each) => !found.has(each)))
          needed(chunks.find(({ fileName }) => fileName === file)?.imports ?? [], found.add(file));
        return found;
      };
      const early = chunks.find(({ name }) => name === 'start');
      if (!early) throw new Error('There is no start');
      const first = needed(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
      const parts = Object.entries(pages).map(([path, module]) => {
        const page = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(`/${module}.tsx`));
        if (!page) throw new Error(`No page consists of ${module}.tsx`);
        return [path, [...needed([page.fileName]).difference(first)]];
      });
      const children = `for (const [path, files] of ${JSON.stringify(parts)})
  if (new RegExp(path).test(location.pathname))
    for (const file of files) document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href: '/' + file }));`;
      const scripts = [
        `<script type="module" crossorigin src="/${early.fileName}" nonce="CSP_NONCE"></script>`,
        `<script nonce="CSP_NONCE">${children}</script>`,
      ];
      // First of all files: modules run one after the other, and a script waits for the styles that stand before it.
      return html.replace(/(?=<script type="module")/, () => scripts.map((each) => `${each}\n    `).join(''));
    },
  },
};

/** Small parts of which the pages share most: fetched as one file, since each file more costs a start more than what it holds. */
const common = [
  /@mantine\/core\/esm\/components\/(ActionIcon|Alert|CopyButton|FloatingIndicator|Input|InputBase|SegmentedControl|Skeleton|TextInput)\//,
  /@tanstack\/.*\/(useQueries|queriesObserver)\.js$/,
  /\/src\/web\/(fields\/(value|rules|editable)|form\/(later|told-once)|list\/(rows|grid\.module)|shell\/(dialogs|page|undo|use-narrow|record-link))[.-]/,
];

/** What asks for the records that a page shows, before what draws them is there. */
const start = [
  /\/src\/web\/(start|first-questions|data\/(documents|page|queries|send|seen|session)|list\/search|gql\/graphql)\.ts$/,
  /@tanstack\/query-core\//,
  /@tanstack\/router-core\/.*\/(searchParams|qss)\.js$/,
];

const server = `http://127.0.0.1:${process.env['PORT'] ?? 8000}`;

export default defineConfig({
  root: import.meta.dirname,
  plugins: [documents, react(), question, together],
  // The server replaces it in every answer.
  html: { cspNonce: 'CSP_NONCE' },
  build: {
    outDir: '../../dist',
    emptyOutDir: true,
    target: 'es2023',
    // A page waits for its styles: they come with the frame, not when its script has run.
    cssCodeSplit: false,
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What may be loaded is bounded packed, by a test.
    chunkSizeWarningLimit: 600,
    // What every page begins with is one file, not one for each set of pages that happen to share a part of it.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'start', test: (id) => start.some((each) => each.test(id)), priority: 3 },
            { name: 'main', tags: ['$initial'], priority: 2 },
            { name: 'common', test: (id) => common.some((each) => each.test(id)), priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    strictPort: true,
    host: '127.0.0.1',
    proxy: Object.fromEntries(['/graphql', '/api', '/docs', '/openapi.json', '/mcp'].map((path) => [path, server])),
  },
});
