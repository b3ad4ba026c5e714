/** A sentence that names the closest of the known names, or nothing when none is close. */
export function didYouMean(name: string, known: Iterable<string>): string {
  // A mistyped name differs in a third of its letters at most; long names would only burn time.
  const tolerance = Math.min(4, Math.floor(name.length / 3) + 1);
  if (name.length > 64) return '';
  const [best] = [...known]
    .map((candidate) => ({ candidate, distance: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter((scored) => scored.distance <= tolerance)
    .sort((a, b) => a.distance - b.distance);
  return best ? ` Did you mean "${best.candidate}"?` : '';
}

/** How many single-letter edits or swaps of neighbours turn one word into the other. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const edit = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(swapped ? Math.min(edit, at(beforeLast, column - 2) + 1) : edit);
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, b.length);
}

const at = (row: number[], index: number): number => row[index] ?? Number.POSITIVE_INFINITY;
