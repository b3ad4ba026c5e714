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

const server = `http://127.0.0.1:${process.env['PORT'] ?? 8000}`;

export default defineConfig({
  root: import.meta.dirname,
  plugins: [documents, react(), question],
  // The server replaces it in every answer.
  html: { cspNonce: 'CSP_NONCE' },
  build: {
    outDir: '../../dist',
    emptyOutDir: true,
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    port: 5173,
    strictPort: true,
    host: '127.0.0.1',
    proxy: Object.fromEntries(['/graphql', '/api', '/docs', '/openapi.json', '/mcp'].map((path) => [path, server])),
  },
});
