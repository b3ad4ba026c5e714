import { QueryClient } from '@tanstack/react-query';
import { defaultParseSearch } from '@tanstack/react-router';
import { writtenPage } from './data/page.ts';
import { Refusal } from './data/send.ts';
import { askForList, askForRecord, knownIn } from './first-questions.ts';
import { parseSearch } from './list/search.ts';

// A file of its own, that is run before the rest has arrived: what the page shows is on its way while that is compiled.

/** The connection comes back by itself; what the server refuses it refuses again. */
const mayTryAgain = (failures: number, error: Error) =>
  error instanceof Refusal && error.code === 'UNAVAILABLE' && failures < 3 && navigator.onLine;

export const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      retry: mayTryAgain,
      refetchOnWindowFocus: false,
      // Without a connection a question fails and says so, and is asked again with one; it does not wait in silence.
      networkMode: 'always',
      refetchOnReconnect: true,
    },
  },
});

/** The server has answered the first question in the page; Vite's page in development has not. Null for strangers. */
export const written = writtenPage();

const [, key = '', id] = /^\/r\/([^/]+)(?:\/([^/]+))?\/?$/.exec(location.pathname) ?? [];
if (written && key) {
  const known = knownIn(client, written.uiSchema);
  if (id) askForRecord(known, key, id);
  else askForList(known, key, parseSearch(defaultParseSearch(location.search)));
}
