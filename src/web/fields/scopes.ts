const known: Readonly<Record<string, string>> = {
  '*:read': 'Read all records',
  '*:write': 'Create and change records',
  '*:delete': 'Delete records',
  'changes:read': 'Read what happened to records',
  'changes:undo': 'Take changes back',
  offline_access: 'Stay connected until you take this back',
};

/** `api-keys:write` → `Api keys: write`, and the usual ones as people say them. */
export function scopeText(scope: string): string {
  const [resource = '', action = ''] = scope.split(':');
  const words = resource.replaceAll(/[-_]/g, ' ').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return known[scope] ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}: ${action}`;
}
