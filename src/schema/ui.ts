import { authenticate } from '../access.ts';
import type { Builder } from './graphql/builder.ts';
import { planned } from './graphql/plannable.ts';
import type { Catalog } from './model/catalog.ts';
import { describeUi } from './ui/describe.ts';
import { uiTypes } from './ui/types.ts';

/** Adds `uiSchema`. It is about GraphQL, so it is no operation of the view: REST and MCP describe themselves. */
export function addUi(builder: Builder, catalog: Catalog): void {
  const type = uiTypes(builder);
  builder.queryField('uiSchema', (t) =>
    t.field({
      type,
      description: 'Metadata for user interfaces: the kinds of records, their fields, and what the viewer may do.',
      authScopes: { signedIn: true },
      extensions: planned({ is: 'viewer' }),
      resolve: (_root, _args, { principal }, { schema }) => {
        authenticate(principal);
        return describeUi(catalog, schema, principal);
      },
    }),
  );
}
