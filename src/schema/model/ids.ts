import { badInput } from '../../errors.ts';
import type { Catalog, Model } from './catalog.ts';

const largest = 2 ** 31 - 1;

/** The Relay global id, readable: `Customer:1`. */
export const globalId = (model: Pick<Model, 'name'>, id: unknown): string => `${model.name}:${id}`;

/** The number in `Customer:1` or `1`; BAD_INPUT for the id of another type or no id at all. */
export function parseId(model: Pick<Model, 'name'>, value: unknown, path: (string | number)[] = ['id']): number {
  const found = idIn(model, value);
  if (typeof found === 'number') return found;
  throw badInput([{ path, message: found.message }]);
}

/** The number, or what is wrong with it. */
export function idIn({ name }: Pick<Model, 'name'>, value: unknown): number | { message: string } {
  const [, type, digits] = /^(?:(\w+):)?(\d{1,15})$/.exec(String(value)) ?? [];
  const id = Number(digits);
  if (digits === undefined) return { message: `"${value}" is not an id; write ${name}:1 or 1` };
  if (type !== undefined && type !== name) return { message: `"${value}" is an id of ${type}; one of ${name} is needed` };
  if (id < 1 || id > largest) return { message: `"${value}" is out of range; ids go from 1 to ${largest}` };
  return id;
}

/** The resource and number in a global id; undefined when the type is unknown. */
export function parseGlobalId(catalog: Catalog, value: string, path?: (string | number)[]): { model: Model; id: number } | undefined {
  const model = catalog.get(value.slice(0, value.indexOf(':')));
  return model && { model, id: parseId(model, value, path) };
}
