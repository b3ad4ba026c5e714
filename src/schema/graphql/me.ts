import { allows, isGrantable, type Principal, roles } from '../../access.ts';
import { DomainError } from '../../errors.ts';
import type { Catalog } from '../model/catalog.ts';
import { allScopes } from '../model/scopes.ts';
import type { Builder } from './builder.ts';
import { planned } from './plannable.ts';

const roleMeanings: Record<Principal['role'], string> = {
  ADMIN: 'Everything, including users and settings.',
  MANAGER: 'All records, including deleting and exporting.',
  SALES: 'Records they own or that have no owner.',
  READ_ONLY: 'Read only.',
};

const kindMeanings: Record<Principal['kind'], string> = {
  person: 'Somebody who is signed in.',
  key: 'A program with an API key.',
  oauth: 'A program that a user has allowed to act for them.',
  system: 'The server itself.',
};

/** Adds `me`: who asks, and what they may do. */
export function addMe(builder: Builder, catalog: Catalog): void {
  const enumOf = <Value extends string>(name: string, description: string, meanings: Record<Value, string>) =>
    builder.enumType(name, {
      description,
      values: Object.fromEntries(
        (Object.keys(meanings) as Value[]).map((value) => [value.toUpperCase(), { value, description: meanings[value] }]), // its own keys
      ) as Record<string, { value: Value }>,
    });
  const role = enumOf('Role', `Roles, from most to least permissive: ${roles.join(', ')}.`, roleMeanings);
  const kind = enumOf('PrincipalKind', 'How the caller authenticated.', kindMeanings);
  const scopes = allScopes(catalog.values());
  const mine = (principal: Principal) => scopes.filter((scope) => allows(principal, scope));

  const me = builder.objectRef<Principal>('Me').implement({
    description: 'Who asks, and what they may do.',
    fields: (t) => ({
      actor: t.exposeString('id', { description: 'The user’s number, as in the change log.' }),
      name: t.exposeString('name', { description: 'The user’s name.' }),
      kind: t.field({ type: kind, description: 'How the caller authenticated.', resolve: (principal) => principal.kind }),
      role: t.field({ type: role, description: 'The user’s role.', resolve: (principal) => principal.role }),
      scopes: t.stringList({ description: 'What this credential may do.', resolve: mine }),
      grantableScopes: t.stringList({
        description: 'Those that can be granted to an API key or an assistant.',
        resolve: (principal) => mine(principal).filter(isGrantable),
      }),
      credential: t.exposeString('credentialId', { description: 'The session, key or token, such as `person:7` for session 7.' }),
    }),
  });
  builder.queryField('me', (t) =>
    t.field({
      type: me,
      description: 'Who asks, and what they may do.',
      authScopes: { signedIn: true },
      extensions: {
        ...planned({ is: 'viewer' }),
        operation: { name: 'me', resource: '', kind: 'query', rest: { method: 'GET', path: '/me', tags: ['me'], status: 200 } },
      },
      resolve: (_root, _args, { principal }) => {
        // The guard has refused strangers.
        if (!principal) throw new DomainError('UNAUTHENTICATED', 'Nobody is signed in.');
        return principal;
      },
    }),
  );
}
