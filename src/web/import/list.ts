/**
 * The entries of a list in one cell: `vip; "Smith, Jones"`. Where there is a semicolon, commas belong to the entries; an
 * entry in quotation marks stands for itself. Undefined where a quotation mark is not closed.
 */
export function readList(text: string): string[] | undefined {
  const separator = /;|:::/.test(text.replace(/"(?:[^"]|"")*"/g, '')) ? /[ \t]*(?:;|:::)[ \t]*/y : /[ \t]*,[ \t]*/y;
  const entries: string[] = [];
  let entry = '';
  for (let at = 0; at < text.length; ) {
    if (text[at] === '"' && !entry.trim()) {
      const [whole, inner] = matchAt(/"((?:[^"]|"")*)"\s*(?=;|,|:::|$)/y, text, at);
      if (whole === undefined || inner === undefined) return undefined;
      entries.push(inner.replaceAll('""', '"'));
      at += whole.length;
      const [next] = matchAt(separator, text, at);
      if (next === undefined && at < text.length) return undefined;
      at += next?.length ?? 0;
      entry = '';
      continue;
    }
    const [found] = matchAt(separator, text, at);
    if (found === undefined) entry += text[at++];
    else {
      entries.push(entry.trim());
      entry = '';
      at += found.length;
    }
  }
  return [...entries, entry.trim()].filter(Boolean);
}

function matchAt(pattern: RegExp, text: string, at: number): readonly (string | undefined)[] {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? [];
}
