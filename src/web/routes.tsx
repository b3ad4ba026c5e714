import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { titlesOf } from './data/documents.ts';
import type { UiSchema } from './data/page.ts';
import { recordOptions } from './data/reads.ts';
import { parseSearch } from './list/search.ts';
import { Shell } from './shell/shell.tsx';
import { Failed, NotFound } from './shell/states.tsx';

interface RouterContext {
  client: QueryClient;
  schema: UiSchema;
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
  component: lazyRouteComponent(() => import('./list/list-page.tsx'), 'ListPage'),
});

const record = createRoute({
  getParentRoute: () => root,
  path: '/r/$resource/$id',
  // Begun when the pointer comes near: most records are there when the page is.
  loader: ({ params, context: { client, schema } }) => {
    const resource = schema.resources.find(({ key }) => key === params.resource);
    if (resource?.operations.get && /^\d+$/.test(params.id))
      void client.prefetchQuery(recordOptions(resource, titlesOf(schema.resources), `${resource.name}:${params.id}`));
  },
  component: lazyRouteComponent(() => import('./record/record-page.tsx'), 'RecordPage'),
});

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('./account/account-page.tsx'), 'AccountPage'),
});

const tree = root.addChildren([home, list, record, account]);

export const createAppRouter = (context: RouterContext) =>
  createRouter({ routeTree: tree, context, defaultPreload: 'intent', scrollRestoration: true });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
