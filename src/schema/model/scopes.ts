import { isGrantable, type Scope, systemScopes } from '../../access.ts';
import type { Resource } from '../../resource.ts';

/** Every scope that something asks for. */
export function allScopes(resources: Iterable<Resource | Omit<Resource, 'relations'>>): Scope[] {
  const own = [...resources].flatMap(({ scopes, fields, writes, softDelete, actions }) => [
    scopes.read,
    ...(writes.length || Object.values(actions).some(({ query }) => !query) ? [scopes.write] : []),
    ...(writes.includes('delete') ? [scopes.delete, scopes.erase] : []),
    ...(softDelete ? [scopes.destroy] : []),
    ...Object.values(fields).flatMap(({ scope }) => scope ?? []),
  ]);
  return [...new Set([...own, ...systemScopes])];
}

/** What a key or an OAuth client can be given; the first ones stand for every resource of the business. */
export const grantableScopes = (resources: Iterable<Resource>): Scope[] => [
  '*:read',
  '*:write',
  '*:delete',
  ...allScopes(resources).filter(isGrantable),
];
