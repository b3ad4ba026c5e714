import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './base.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LiveProvider } from './data/live-provider.tsx';
import { type PageData, pageDocument } from './data/page.ts';
import { Refusal, send } from './data/send.ts';
import { UiProvider } from './data/ui.tsx';
import { createAppRouter } from './routes.tsx';
import { Failed } from './shell/states.tsx';
import { cssVariables, theme } from './theme.ts';

const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';
setNonce(nonce);

/** The server has answered the first question in the page; Vite's page in development has not. */
async function firstData(): Promise<PageData | Error> {
  const written = document.getElementById('page-data')?.textContent ?? 'null';
  const answered = JSON.parse(written) as PageData | null;
  return answered ?? send(pageDocument, {}).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
}

/** The connection comes back by itself; what the server refuses it refuses again. */
const mayTryAgain = (failures: number, error: Error) => error instanceof Refusal && error.code === 'UNAVAILABLE' && failures < 3;

async function page() {
  const data = await firstData();
  const client = new QueryClient({
    defaultOptions: { queries: { staleTime: 30_000, gcTime: 10 * 60_000, retry: mayTryAgain, refetchOnWindowFocus: false } },
  });
  return (
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" getStyleNonce={() => nonce}>
        <Notifications position="bottom-right" limit={4} />
        {data instanceof Error ? (
          <main>
            <Failed whole error={data} retry={() => location.reload()} />
          </main>
        ) : (
          <QueryClientProvider client={client}>
            <UiProvider schema={data.uiSchema}>
              <LiveProvider since={data.changes.pageInfo.endCursor}>
                <RouterProvider router={createAppRouter({ client, schema: data.uiSchema })} />
              </LiveProvider>
            </UiProvider>
          </QueryClientProvider>
        )}
      </MantineProvider>
    </StrictMode>
  );
}

// Last: what it uses must be there before it waits.
const root = document.getElementById('root');
if (root) createRoot(root).render(await page());
