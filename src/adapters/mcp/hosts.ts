/** The names by which programs on this machine, and elsewhere, reach the server. */
export function namesOf({ host, publicUrl }: { host?: string | undefined; publicUrl?: string | undefined }): string[] {
  const everywhere = !host || ['0.0.0.0', '::'].includes(host);
  const bound = everywhere ? [] : [host.includes(':') ? `[${host}]` : host];
  return [...new Set(['localhost', '127.0.0.1', '[::1]', ...bound, ...(publicUrl ? [new URL(publicUrl).hostname] : [])])];
}
