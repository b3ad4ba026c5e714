import { DomainError } from '../../errors.ts';
import { prepareDatabase } from '../prepare.ts';
import { progress } from '../progress.ts';
import { seed } from '../seed.ts';
import type { Command } from './command.ts';

export const seedCommand: Command = {
  about: 'Fills an empty database with made-up customers, orders and contacts: the same ones every time.',
  options: {
    customers: { type: 'string', default: '200', example: '20000', about: 'how many customers (200)' },
    today: {
      type: 'string',
      default: '2026-01-01',
      example: '2026-06-30',
      about: 'the day the data is made for; it covers the two years before (2026-01-01)',
    },
    append: { type: 'boolean', about: 'add to the customers that are there' },
  },
  async run(config, values) {
    const customers = Number(values['customers']);
    if (!Number.isInteger(customers) || customers < 1 || customers > 1_000_000)
      throw new DomainError('BAD_INPUT', '--customers must be a whole number from 1 to 1000000');
    const today = new Date(`${values['today']}T00:00:00Z`);
    if (Number.isNaN(today.getTime())) throw new DomainError('BAD_INPUT', '--today must be a date such as 2026-06-30');

    const database = await prepareDatabase(config);
    const started = performance.now();
    try {
      const made = await seed(database, { customers, today, append: values['append'] === true, onProgress: progress('customers') });
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`seeded ${made.customers} customers, ${made.orders} orders and ${made.contacts} contacts in ${seconds} s`);
    } finally {
      await database.close();
    }
  },
};
