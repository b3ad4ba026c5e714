import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { type Titles, titlesOf } from './data/documents.ts';
import type { UiResource, UiSchema } from './data/page.ts';
import { listOptions, recordOptions, summaryOptions } from './data/reads.ts';
import { parseSearch, queryOf } from './list/search.ts';
import { Shell } from './shell/shell.tsx';
import { Failed, NotFound } from './shell/states.tsx';

interface RouterContext {
  client: QueryClient;
  titles: Titles;
  byKey: ReadonlyMap<string, UiResource>;
}

const root = createRootRouteWithContext<RouterContext>()({
  component: Shell,
  notFoundComponent: () => <NotFound />,
  errorComponent: ({ error, reset }) => <Failed whole error={error} retry={reset} />,
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./home/home-page.tsx'), 'HomePage'),
});

const list = createRoute({
  getParentRoute: () => root,
  path: '/r/$resource',
  validateSearch: parseSearch,
  loaderDeps: ({ search: { where, sort, search, trash, board } }) => ({ where, sort, search, trash, board }),
  // Asked for while the page is loaded and drawn; what is there already stays as it is under the pointer.
  loader: ({ params, deps: { board, ...search }, context: { client, titles, byKey } }) => {
    const resource = byKey.get(params.resource);
    if (!resource?.operations.list || board) return;
    const query = queryOf(resource, search);
    const options = listOptions({ resource, titles, query });
    if (client.getQueryData(options.queryKey)) return;
    void client.prefetchQuery(options);
    if (resource.operations.summary) void client.prefetchQuery(summaryOptions(resource, query));
  },
  component: lazyRouteComponent(() => import('./list/list-page.tsx'), 'ListPage'),
});

const record = createRoute({
  getParentRoute: () => root,
  path: '/r/$resource/$id',
  // Begun when the pointer comes near: most records are there when the page is.
  loader: ({ params, context: { client, titles, byKey } }) => {
    const resource = byKey.get(params.resource);
    if (resource?.operations.get && /^\d+$/.test(params.id))
      void client.prefetchQuery(recordOptions(resource, titles, `${resource.name}:${params.id}`));
  },
  component: lazyRouteComponent(() => import('./record/record-page.tsx'), 'RecordPage'),
});

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('./account/account-page.tsx'), 'AccountPage'),
});

const tree = root.addChildren([home, list, record, account]);

export const createAppRouter = (client: QueryClient, { resources }: UiSchema) =>
  createRouter({
    routeTree: tree,
    context: { client, titles: titlesOf(resources), byKey: new Map(resources.map((resource) => [resource.key, resource])) },
    defaultPreload: 'intent',
    scrollRestoration: true,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
