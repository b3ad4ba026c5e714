import { day, history, iso, money } from './history.ts';
import { type Company, company, personName, phone, uniqueEmail } from './person.ts';
import { type Random, random } from './random.ts';
import type { ContactRow, CustomerFile } from './rows.ts';
import { type Culture, cultures, customerNotes, roles, tags } from './vocabulary.ts';

export interface GenerateOptions {
  seed: number;
  today: number;
  firstOrder: number;
}

// Repeated by weight.
const statuses = [
  ...Array(3).fill('LEAD'),
  ...Array(2).fill('PROSPECT'),
  ...Array(13).fill('CUSTOMER'),
  ...Array(2).fill('CHURNED'),
] as readonly string[];
const sources = ['WEBSITE', 'WEBSITE', 'WEBSITE', 'REFERRAL', 'REFERRAL', 'ADVERTISING', 'ADVERTISING', 'COLD_OUTREACH', 'OTHER', null];

/** Customers without end, each with orders and contacts; the same options give the same customers. */
export function* generate({ seed, today, firstOrder }: GenerateOptions): Generator<CustomerFile, never> {
  const dice = random(seed);
  const taken = new Map<string, number>();
  let order = firstOrder;
  const nextNumber = () => `ORD-${order++}`;

  for (;;) {
    const culture = dice.pick(cultures);
    const employer = dice.chance(0.85) ? company(dice, culture) : undefined;
    const name = personName(dice, culture);
    const status = dice.pick(statuses);
    const created = today - dice.whole(day, 730 * day);
    const { orders, delivered, last } = history(dice, { status, culture, created, today, nextNumber });
    yield {
      customer: {
        name,
        email: uniqueEmail(name, employer?.domain ?? 'mail.example', taken),
        phone: dice.chance(0.8) ? phone(dice, culture) : null,
        company: employer?.name ?? null,
        status,
        source: dice.pick(sources),
        lifetime_value: money(delivered),
        notes: dice.chance(0.3) ? dice.pick(customerNotes) : null,
        tags: someTags(dice),
        created_at: iso(created),
        updated_at: iso(last),
      },
      orders,
      contacts: contacts(dice, { culture, employer, created }, taken),
    };
  }
}

function someTags(dice: Random): string[] {
  const count = Math.max(0, dice.whole(-1, 3));
  return [...new Set(Array.from({ length: count }, () => dice.pick(tags)))];
}

interface Workplace {
  culture: Culture;
  employer: Company | undefined;
  created: number;
}

function contacts(dice: Random, { culture, employer, created }: Workplace, taken: Map<string, number>): ContactRow[] {
  return Array.from({ length: dice.whole(1, 3) }, (_, index) => {
    const name = personName(dice, culture);
    return {
      name,
      email: employer && dice.chance(0.9) ? uniqueEmail(name, employer.domain, taken) : null,
      phone: dice.chance(0.6) ? phone(dice, culture) : null,
      role: dice.pick(roles),
      is_primary: index === 0,
      created_at: iso(created),
      updated_at: iso(created),
    };
  });
}
