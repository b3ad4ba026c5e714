import type { AuthFailure, ForbiddenResult } from '@pothos/plugin-scope-auth';
import type { GraphQLField, GraphQLResolveInfo } from 'graphql';
import { authenticate, authorize, type Scope } from '../../access.ts';
import type { Context } from '../../context.ts';
import { DomainError } from '../../errors.ts';

/** What `authScopes` of a field can say; of several scopes all are needed. */
export interface AuthScopes {
  signedIn: boolean;
  scope: Scope | readonly Scope[];
}

/** How plugin-scope-auth tests them, and in whose words it refuses: those of `access.ts`, as on every surface. */
export const scopeAuth = {
  authScopes: ({ principal }: Context) => ({
    signedIn: () => {
      authenticate(principal);
      return true;
    },
    scope: (needed: AuthScopes['scope']) => {
      for (const scope of [needed].flat()) authorize(principal, scope);
      return true;
    },
  }),
  treatErrorsAsUnauthorized: true,
  authorizeOnSubscribe: true,
  unauthorizedError: (_parent: unknown, { principal }: Context, _info: GraphQLResolveInfo, { failure }: ForbiddenResult) => {
    authenticate(principal);
    return errorIn(failure) ?? new DomainError('FORBIDDEN', 'This is not yours to ask for. Ask an administrator.');
  },
};

const errorIn = (failure: AuthFailure): Error | undefined => {
  if ('failures' in failure) return failure.failures.map(errorIn).find((error) => error !== undefined);
  return ('error' in failure && failure.error) || undefined;
};

/** The options that Pothos keeps of a field; scopes that depend on arguments or on the record are a function. */
interface Kept {
  authScopes?: Partial<AuthScopes> | ((...parts: never[]) => unknown);
  unauthorizedResolver?: unknown;
}

const kept = ({ extensions }: Pick<GraphQLField<unknown, unknown>, 'extensions'>): Kept => (extensions['pothosOptions'] ?? {}) as Kept; // Pothos puts them there

/** The scopes without which a field is refused. Those of a column only say to whom it is null. */
export function scopesOf(field: Pick<GraphQLField<unknown, unknown>, 'extensions'>): readonly Scope[] {
  const { authScopes, unauthorizedResolver } = kept(field);
  return unauthorizedResolver || typeof authScopes !== 'object' ? [] : [authScopes.scope ?? []].flat();
}

/** Whether the scopes that a field takes depend on its arguments or its record. */
export const dependsOnRecord = (field: Pick<GraphQLField<unknown, unknown>, 'extensions'>): boolean =>
  typeof kept(field).authScopes === 'function';

/** Whether a field says who may ask for it. */
export const isScoped = (field: Pick<GraphQLField<unknown, unknown>, 'extensions'>): boolean => kept(field).authScopes !== undefined;
