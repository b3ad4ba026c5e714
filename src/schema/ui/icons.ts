import { readFile } from 'node:fs/promises';

/** A shape of an icon: an SVG element and its attributes. */
type Shape = [element: string, attributes: Record<string, string>];

interface IconSet {
  icons: Record<string, { body: string }>;
  aliases: Record<string, { parent: string }>;
}

const drawn = new Map<string, Promise<Shape[]>>();
let iconSet: Promise<IconSet> | undefined;

/** The shapes of a Tabler icon (24 × 24, lines). Throws for a name that Tabler does not have. */
export function drawing(name: string): Promise<Shape[]> {
  const shapes = drawn.get(name) ?? draw(name);
  drawn.set(name, shapes);
  return shapes;
}

async function draw(name: string): Promise<Shape[]> {
  const { icons, aliases } = await readIconSet();
  const icon = icons[name] ?? icons[aliases[name]?.parent ?? ''];
  if (!icon) throw new Error(`Tabler has no icon "${name}"`);
  return [...icon.body.matchAll(/<(\w+)((?: [\w-]+="[^"]*")*) ?\/>/g)].map(([, element = '', attributes = '']) => [
    element,
    Object.fromEntries(
      [...attributes.matchAll(/([\w-]+)="([^"]*)"/g)]
        // The page sets colour and width of the lines itself.
        .filter(([, key]) => !/^(fill|stroke)/.test(key ?? ''))
        .map(([, key = '', value = '']) => [key, value]),
    ),
  ]);
}

/** Megabytes of JSON: shared by the icons of one answer, then released. */
function readIconSet(): Promise<IconSet> {
  iconSet ??= readFile(new URL(import.meta.resolve('@iconify-json/tabler/icons.json')), 'utf8')
    .then(JSON.parse)
    .finally(() => {
      iconSet = undefined;
    });
  return iconSet;
}
