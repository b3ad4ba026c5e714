/** Tells on standard error how far long work has come: a bar on a terminal, elsewhere a line every tenth, for logs know no carriage return. */
export function progress(of: string): (done: number, total: number) => void {
  let tenth = 0;
  return (done, total) => {
    const percent = Math.floor((100 * done) / total);
    if (process.stderr.isTTY) {
      const bar = '#'.repeat(Math.floor(percent / 2.5)).padEnd(40, '.');
      process.stderr.write(`\r[${bar}] ${percent} % of ${total} ${of}${done >= total ? '\n' : ''}`);
    } else if (percent >= tenth + 10) {
      tenth = percent - (percent % 10);
      console.error(`${done} of ${total} ${of}`);
    }
  };
}
