/** The door that an address belongs to. There are few, so that metrics can tell them apart. */
export function surfaceOf(path: string): string {
  for (const [surface, pattern] of surfaces) if (pattern.test(path)) return surface;
  return 'web';
}

const surfaces: [string, RegExp][] = [
  ['graphql', /^\/graphql(\/stream)?$/],
  ['mcp', /^\/mcp$/],
  ['auth', /^\/(api\/auth|\.well-known)\//],
  ['health', /^(\/api)?\/(health|ready)$/],
  ['changes', /^\/api\/changes$/],
  ['rest', /^\/(api(\/|$)|openapi)/],
  ['docs', /^\/docs/],
  ['assets', /^\/assets\/|\.(svg|png|ico|js|css|webmanifest)$/],
];
