import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './base.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { type ReactNode, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { LiveProvider } from './data/live-provider.tsx';
import { type PageData, pageDocument, writtenPage } from './data/page.ts';
import { Refusal, send } from './data/send.ts';
import { signInAddress } from './data/sign-in.ts';
import { UiProvider } from './data/ui.tsx';
import { entryAt } from './entry/index.ts';
import { createAppRouter } from './routes.tsx';
import { Failed } from './shell/states.tsx';
import { cssVariables, theme } from './theme.ts';

const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';
setNonce(nonce);

/** The server has answered the first question in the page; Vite's page in development has not. Null for strangers. */
async function firstData(): Promise<PageData | Error | null> {
  const written = writtenPage();
  if (written !== undefined) return written;
  return send(pageDocument, {}).catch((error: unknown) => {
    if (error instanceof Refusal && error.code === 'UNAUTHENTICATED') return null;
    return error instanceof Error ? error : new Error(String(error));
  });
}

/** The connection comes back by itself; what the server refuses it refuses again. */
const mayTryAgain = (failures: number, error: Error) => error instanceof Refusal && error.code === 'UNAVAILABLE' && failures < 3;

const client = new QueryClient({
  defaultOptions: { queries: { staleTime: 30_000, gcTime: 10 * 60_000, retry: mayTryAgain, refetchOnWindowFocus: false } },
});

async function page(): Promise<ReactNode> {
  const Entry = entryAt(location.pathname);
  if (Entry)
    return (
      <Suspense>
        <Entry />
      </Suspense>
    );
  const data = await firstData();
  if (data === null) {
    location.replace(signInAddress());
    return null;
  }
  if (data instanceof Error)
    return (
      <main>
        <Failed whole error={data} retry={() => location.reload()} />
      </main>
    );
  return (
    <UiProvider schema={data.uiSchema} credential={data.me.credential}>
      <LiveProvider since={data.changes.pageInfo.endCursor}>
        <RouterProvider router={createAppRouter(client, data.uiSchema)} />
      </LiveProvider>
    </UiProvider>
  );
}

// Last: what it uses must be there before it waits.
const root = document.getElementById('root');
const content = await page();
if (root)
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" getStyleNonce={() => nonce}>
        <Notifications position="bottom-right" limit={4} />
        <QueryClientProvider client={client}>{content}</QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
