import { allows, isGrantable, type Principal, roles } from '../access.ts';
import { DomainError } from '../errors.ts';
import type { Builder } from './builder.ts';
import type { Catalog } from './catalog.ts';
import { allScopes } from './scopes.ts';

const roleMeanings: Record<Principal['role'], string> = {
  ADMIN: 'Everything, people and settings included.',
  MANAGER: 'All records, deleting and exporting included.',
  SALES: 'Records that are theirs or nobody’s.',
  READ_ONLY: 'Reading only.',
};

const kindMeanings: Record<Principal['kind'], string> = {
  person: 'Somebody who is signed in.',
  key: 'A program with an API key.',
  oauth: 'A program that a person allowed to act for them.',
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
  const role = enumOf('Role', `What a person may do, from all to little: ${roles.join(', ')}.`, roleMeanings);
  const kind = enumOf('PrincipalKind', 'By what somebody is known.', kindMeanings);
  const scopes = allScopes(catalog.values());
  const mine = (principal: Principal) => scopes.filter((scope) => allows(principal, scope));

  const me = builder.objectRef<Principal>('Me').implement({
    description: 'Who asks, and what they may do.',
    fields: (t) => ({
      actor: t.exposeString('id', { description: 'The number of the person, as it stands in the change log.' }),
      name: t.exposeString('name', { description: 'What the person is called.' }),
      kind: t.field({ type: kind, description: 'By what they are known.', resolve: (principal) => principal.kind }),
      role: t.field({ type: role, description: 'What the person may do.', resolve: (principal) => principal.role }),
      scopes: t.stringList({ description: 'What may be done with this very credential.', resolve: mine }),
      grantableScopes: t.stringList({
        description: 'Those of them that a key of theirs, or an assistant, can be given.',
        resolve: (principal) => mine(principal).filter(isGrantable),
      }),
      credential: t.exposeString('credentialId', { description: 'The session, key or token, such as `person:7` for session 7.' }),
    }),
  });
  builder.queryField('me', (t) =>
    t.field({
      type: me,
      description: 'Who asks, and what they may do.',
      extensions: {
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
