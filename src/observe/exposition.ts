/** The text that Prometheus reads (exposition format 0.0.4), and the three kinds of figures we have. */
export interface Figure {
  text(): string;
}

type Labels = Readonly<Record<string, string>>;

const escaped = (value: string) => value.replace(/[\\"\n]/g, (each) => (each === '\n' ? '\\n' : `\\${each}`));
const written = (labels: Labels): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length ? `{${pairs.join(',')}}` : '';
};
const head = (name: string, help: string, type: string) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;

export function counter(name: string, help: string) {
  const values = new Map<string, number>();
  return {
    add(labels: Labels, by = 1): void {
      const key = written(labels);
      values.set(key, (values.get(key) ?? 0) + by);
    },
    text: () => head(name, help, 'counter') + [...values].map(([labels, value]) => `${name}${labels} ${value}\n`).join(''),
  };
}

/** Seconds. */
export function histogram(name: string, help: string, bounds: readonly number[]) {
  const series = new Map<string, { labels: Labels; counts: number[]; sum: number; count: number }>();
  return {
    observe(labels: Labels, seconds: number): void {
      const key = written(labels);
      const one = series.get(key) ?? { labels, counts: bounds.map(() => 0), sum: 0, count: 0 };
      series.set(key, one);
      one.sum += seconds;
      one.count++;
      for (const [index, bound] of bounds.entries()) if (seconds <= bound) one.counts[index] = (one.counts[index] ?? 0) + 1;
    },
    text: () =>
      head(name, help, 'histogram') +
      [...series.values()]
        .map(({ labels, counts, sum, count }) => {
          const buckets = [...bounds.entries()].map(
            ([index, bound]) => `${name}_bucket${written({ ...labels, le: String(bound) })} ${counts[index]}\n`,
          );
          const all = written(labels);
          return `${buckets.join('')}${name}_bucket${written({ ...labels, le: '+Inf' })} ${count}\n${name}_sum${all} ${sum}\n${name}_count${all} ${count}\n`;
        })
        .join(''),
  };
}

/** What is read when it is asked for. */
export const gauge = (
  name: string,
  help: string,
  values: readonly (readonly [Labels, number])[],
  type: 'gauge' | 'counter' = 'gauge',
): string => head(name, help, type) + values.map(([labels, value]) => `${name}${written(labels)} ${value}\n`).join('');
