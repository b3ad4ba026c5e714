import { DomainError } from './errors.ts';

/** What people are to the CRM, from all to little. */
export const roles = ['ADMIN', 'MANAGER', 'SALES', 'READ_ONLY'] as const;
export type Role = (typeof roles)[number];

/** `customers:read`, `orders:write`, `users:admin`: what somebody may do to what. */
export type Scope = string;

interface Rights {
  /** Scopes, with `*` for any resource or any action. */
  grants: readonly Scope[];
  /** Sees only the records that are theirs or nobody's (see `owner` in the definitions). */
  ownRowsOnly: boolean;
}

/** Who may what: the one table. */
const rights: Record<Role, Rights> = {
  ADMIN: { grants: ['*:*'], ownRowsOnly: false },
  MANAGER: {
    grants: ['*:read', '*:write', '*:delete', '*:destroy', 'changes:undo', 'account:manage', 'export:run'],
    ownRowsOnly: false,
  },
  SALES: { grants: ['*:read', '*:write', 'personal:delete', 'changes:undo', 'account:manage'], ownRowsOnly: true },
  READ_ONLY: { grants: ['*:read', 'personal:write', 'personal:delete', 'account:manage'], ownRowsOnly: false },
};

/** What is about the system and not about records: no wildcard but the administrator's covers it. */
const systemResources = new Set(['settings', 'export']);

/** What is not about one kind of records; a user interface asks who may do it. */
export const systemScopes: readonly Scope[] = [
  'changes:read',
  'changes:undo',
  'export:run',
  'users:admin',
  'settings:read',
  'settings:write',
  'account:manage',
];

/** What no key and no OAuth client can hold, whoever owns it: only a person who is there may do these. */
const personal: ReadonlySet<Scope> = new Set([
  'users:admin',
  // One's own keys, sessions and assistants: a key that could make keys would outlive itself.
  'account:manage',
  'settings:write',
  'settings:delete',
  'settings:destroy',
  'settings:erase',
  'users:erase',
  'account:erase',
  'export:run',
]);

/** Whether a key or an OAuth client can be given a scope. */
export const isGrantable = (scope: Scope): boolean => !personal.has(scope);

/** Who asks. `system` is the server itself: seeding, jobs, commands. */
export interface Principal {
  kind: 'person' | 'key' | 'oauth' | 'system';
  /** The user's id; the change log names it as actor. */
  id: string;
  name: string;
  role: Role;
  /** What the credential was given, wildcards allowed; a person's session has everything the role has. */
  scopes: readonly Scope[];
  /** The session, key or token, so that it can be limited and revoked. */
  credentialId: string;
}

export const system: Principal = { kind: 'system', id: 'system', name: 'System', role: 'ADMIN', scopes: ['*:*'], credentialId: 'system' };

/** Role and credential must both allow it; recomputed at each use, so a demotion bites at once. */
export function allows({ kind, role, scopes }: Principal, scope: Scope): boolean {
  if ((kind === 'key' || kind === 'oauth') && personal.has(scope)) return false;
  return rights[role].grants.some((grant) => covers(grant, scope)) && scopes.some((grant) => covers(grant, scope));
}

function covers(grant: Scope, scope: Scope): boolean {
  const [grantedResource = '', grantedAction = ''] = grant.split(':');
  const [resource = '', action = ''] = scope.split(':');
  if (grantedResource === '*' && grantedAction !== '*' && systemResources.has(resource)) return false;
  return (grantedResource === '*' || grantedResource === resource) && (grantedAction === '*' || grantedAction === action);
}

/** Refuses strangers. */
export function authenticate(principal: Principal | null): asserts principal is Principal {
  if (!principal)
    throw new DomainError('UNAUTHENTICATED', 'Nobody is signed in. Sign in, or send an API key as `Authorization: Bearer …`.');
}

/** Refuses who may not: UNAUTHENTICATED for strangers, FORBIDDEN for those we know. The same on every surface. */
export function authorize(principal: Principal | null, scope: Scope): Principal {
  authenticate(principal);
  if (!allows(principal, scope)) {
    const reason = rights[principal.role].grants.some((grant) => covers(grant, scope))
      ? 'this credential was not given it'
      : `the role ${principal.role} does not have it`;
    throw new DomainError('FORBIDDEN', `The scope ${scope} is needed, and ${reason}. Ask an administrator.`);
  }
  return principal;
}

/** The user whose rows alone a principal sees; undefined when it sees all. */
export const seesOnlyRowsOf = (principal: Principal | null): string | undefined =>
  principal && rights[principal.role].ownRowsOnly ? principal.id : undefined;

/** The user that a principal is, or acts for; undefined for the system. */
export const userOf = (principal: Principal | null): number | undefined =>
  principal && /^\d+$/.test(principal.id) ? Number(principal.id) : undefined;
