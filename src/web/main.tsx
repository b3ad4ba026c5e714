import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './base.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { type ReactNode, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { openDrafts } from './data/drafts.ts';
import { LiveProvider } from './data/live-provider.tsx';
import { type PageData, pageDocument } from './data/page.ts';
import { Refusal, send } from './data/send.ts';
import { signInAddress } from './data/sign-in.ts';
import { UiProvider } from './data/ui.tsx';
import { entryAt } from './entry/index.ts';
import { createAppRouter } from './routes.tsx';
import { Failed } from './shell/states.tsx';
import { client, written } from './start.ts';
import { cssVariables, theme } from './theme.ts';

const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';
setNonce(nonce);

/** Null for strangers. */
async function firstData(): Promise<PageData | Error | null> {
  if (written !== undefined) return written;
  return send(pageDocument, {}).catch((error: unknown) => {
    if (error instanceof Refusal && error.code === 'UNAUTHENTICATED') return null;
    return error instanceof Error ? error : new Error(String(error));
  });
}

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
  openDrafts(data.uiSchema.viewer.actor);
  const router = createAppRouter(client, data.uiSchema);
  // Its parts are there when it is drawn, or nearly so: it is drawn once.
  await router.load();
  return (
    <UiProvider schema={data.uiSchema} credential={data.me.credential}>
      <LiveProvider since={data.changes.pageInfo.endCursor}>
        <RouterProvider router={router} />
      </LiveProvider>
    </UiProvider>
  );
}

const root = document.getElementById('root');
// Not awaited: the parts of pages that are loaded meanwhile need this file to have run.
void page().then((content) => {
  if (root)
    createRoot(root).render(
      <StrictMode>
        <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" getStyleNonce={() => nonce}>
          <Notifications position="bottom-right" limit={4} />
          <QueryClientProvider client={client}>{content}</QueryClientProvider>
        </MantineProvider>
      </StrictMode>,
    );
});
