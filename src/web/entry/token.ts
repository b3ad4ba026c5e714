/** The secret of a link stands after the #, where no log of a server and no Referer has it. */
export const tokenOf = (hash: string): string => new URLSearchParams(hash.slice(1)).get('token') ?? '';
