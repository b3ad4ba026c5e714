import type { Random } from './random.ts';
import { type Culture, companyNames, trades } from './vocabulary.ts';

export interface Company {
  name: string;
  domain: string;
}

/** Addresses end in `.example`, which belongs to nobody: made-up people must not receive real mail. */
export function company(random: Random, { company, domain }: Culture): Company {
  const name = `${random.pick(companyNames)} ${random.pick(trades)}`;
  return { name: `${name} ${random.pick(company)}`, domain: `${slug(name)}.${domain}.example` };
}

export function personName(random: Random, { first, last }: Culture): string {
  const family = random.chance(0.06) ? `${random.pick(last)}-${random.pick(last)}` : random.pick(last);
  return `${random.pick(first)} ${family}`;
}

export const phone = (random: Random, { phone }: Culture): string => phone.replaceAll('#', () => String(random.whole(0, 9)));

export const postalAddress = (random: Random, { streets, cities, country }: Culture): string =>
  `${random.whole(1, 180)} ${random.pick(streets)}, ${random.pick(cities)}, ${country}`;

/** `Jürgen Weiß` at his company becomes `jurgen.weiss@…`; who comes second becomes `jurgen.weiss2@…`. */
export function uniqueEmail(name: string, domain: string, taken: Map<string, number>): string {
  const base = `${slug(name, '.')}@${domain}`;
  const count = (taken.get(base) ?? 0) + 1;
  taken.set(base, count);
  return count === 1 ? base : base.replace('@', `${count}@`);
}

const letters: Record<string, string> = { ß: 'ss', ł: 'l', Ł: 'L' };

function slug(text: string, separator = '-'): string {
  const plain = text
    .replace(/[ßłŁ]/g, (letter) => letters[letter] ?? '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '');
  return plain.toLowerCase().replace(/[^a-z0-9-]+/g, separator);
}
