import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import type { UiSchema } from './data/page.ts';
import { askForList, askForRecord, type Known, knownIn } from './first-questions.ts';
import { parseSearch } from './list/search.ts';
import { Shell } from './shell/shell.tsx';
import { Failed, NotFound } from './shell/states.tsx';

const root = createRootRouteWithContext<Known>()({
  component: Shell,
  notFoundComponent: () => <NotFound />,
  errorComponent: ({ error, reset }) => <Failed whole error={error} retry={reset} />,
});

/**
 * What a page needs, once there is a connection: the router takes a file that cannot be had for one of an older build
 * and loads the document again, which without a connection would leave nothing of it.
 */
async function online<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (navigator.onLine) throw error;
    await new Promise((resolve) => window.addEventListener('online', resolve, { once: true }));
    return online(load);
  }
}

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => online(() => import('./home/home-page.tsx')), 'HomePage'),
});

const list = createRoute({
  getParentRoute: () => root,
  path: '/r/$resource',
  validateSearch: parseSearch,
  loaderDeps: ({ search: { where, sort, search, trash, board } }) => ({ where, sort, search, trash, board }),
  // Asked for while the page is loaded and drawn.
  loader: ({ params, deps, context }) => askForList(context, params.resource, deps),
  component: lazyRouteComponent(() => online(() => import('./list/list-page.tsx')), 'ListPage'),
});

const record = createRoute({
  getParentRoute: () => root,
  path: '/r/$resource/$id',
  // Begun when the pointer comes near: most records are there when the page is.
  loader: ({ params, context }) => askForRecord(context, params.resource, params.id),
  component: lazyRouteComponent(() => online(() => import('./record/record-page.tsx')), 'RecordPage'),
});

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => online(() => import('./account/account-page.tsx')), 'AccountPage'),
});

const tree = root.addChildren([home, list, record, account]);

export const createAppRouter = (client: QueryClient, schema: UiSchema) =>
  createRouter({
    routeTree: tree,
    context: knownIn(client, schema),
    defaultPreload: 'intent',
    scrollRestoration: true,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
