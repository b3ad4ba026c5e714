import { readFile } from 'node:fs/promises';

/** A shape of an icon: an SVG element and its attributes. */
type Shape = [element: string, attributes: Record<string, string>];

const drawn = new Map<string, Promise<Shape[]>>();

/** The shapes of a Tabler icon (24 × 24, lines). */
export function drawing(name: string): Promise<Shape[]> {
  const found = drawn.get(name) ?? draw(name);
  drawn.set(name, found);
  return found;
}

async function draw(name: string): Promise<Shape[]> {
  const svg = await readFile(new URL(import.meta.resolve(`@tabler/icons/outline/${name}.svg`)), 'utf8').catch(() => {
    throw new Error(`Tabler has no icon "${name}"`);
  });
  const elements = [...svg.matchAll(/<(\w+)((?: [\w-]+="[^"]*")*) ?\/>/g)];
  const shapes = elements.map(
    ([, element = '', attributes = '']): Shape => [
      element,
      Object.fromEntries([...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value])),
    ],
  );
  // Every icon has an invisible box round it.
  return shapes.filter(([, { stroke }]) => stroke !== 'none');
}
