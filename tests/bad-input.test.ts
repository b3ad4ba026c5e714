import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Guarded, guardedApp } from './bad-input/refused.ts';

let app: Guarded;
beforeAll(async () => {
  app = await guardedApp();
});
afterAll(() => app.close());

const surfaces = ['graphql', 'rest'] as const;
type Surface = (typeof surfaces)[number];

/** Creates over either surface; enum values and ids are written alike in what follows. */
function create(surface: Surface, resource: 'Customer' | 'Order' | 'Contact', input: unknown) {
  if (surface === 'rest') return app.rest('POST', `/${resource.toLowerCase()}s`, input);
  return app.graphql(`mutation ($input: ${resource}CreateInput!) { create${resource}(input: $input) { id } }`, { input });
}

const customer = { name: 'New', email: 'new@example.com' };
const order = { customerId: 1, orderNumber: 'N-1', total: '1' };

describe.each(surfaces)('%s refuses a customer', (surface) => {
  test.each<[string, object, RegExp]>([
    ['whose name is too long', { name: 'x'.repeat(256) }, /256 characters; at most 255|longer than 255/],
    ['whose name is blank', { name: ' \t' }, /empty/],
    ['whose name is a number', { name: 5 }, /must be a text|String cannot represent/],
    ['whose name is a list', { name: ['x'] }, /must be a text|String cannot represent/],
    ['whose name is null', { name: null }, /required|not to be null/],
    ['whose name has a nul byte', { name: 'a\0b' }, /nul/i],
    ['whose name has half a surrogate pair', { name: 'a\ud800b' }, /surrogate/],
    ['whose notes have a nul byte', { notes: '\0' }, /nul/i],
    ['whose notes are a book', { notes: 'x'.repeat(10_001) }, /10001 characters|longer than 10000/],
    ['whose email is none', { email: 'nobody' }, /email address/],
    ['whose email has a blank', { email: 'a b@example.com' }, /email address/],
    ['whose phone is too long', { phone: '1'.repeat(41) }, /41 characters; at most 40|longer than 40/],
    ['of an unknown status', { status: 'nope' }, /must be one of|does not exist in "CustomerStatus"/],
    ['whose status is null', { status: null }, /cannot be empty/],
    ['whose status is a number', { status: 1 }, /must be one of|cannot represent non-string/],
    ['with too many tags', { tags: Array.from({ length: 51 }, String) }, /more than 50/],
    ['with too long a tag', { tags: ['x'.repeat(101)] }, /longer than 100/],
    ['with an empty tag', { tags: [''] }, /empty/],
    ['with a tag that is null', { tags: [null] }, /required|not to be null/],
    ['with a tag that has a nul byte', { tags: ['\0'] }, /nul|stored/i],
    ['with a tag that has half a surrogate pair', { tags: ['\udc00'] }, /surrogate|stored/],
    ['whose lifetime value is given', { lifetimeValue: '5' }, /is read-only here|not defined by type/],
    ['whose id is given', { id: 7 }, /is read-only here|not defined by type/],
    ['with a misspelt field', { nmae: 'x' }, /Did you mean "name"/],
    ['with a field called constructor', { constructor: 'x' }, /not a known field|not defined by type/],
    ['with a field called toString', { toString: 'x' }, /not a known field|not defined by type/],
    ['with children that are no list', { orders: 'x' }, /must be a list|Expected type "CustomerOrderInput"/],
    ['with too many children', { contacts: Array.from({ length: 101 }, () => ({ name: 'x' })) }, /more than 100/],
    ['with a bad child', { contacts: [{ name: 'Fine' }, { name: 'x'.repeat(256) }] }, /256 characters|longer than 255/],
    ['with the child of another', { orders: [{ ...order, customerId: 2 }] }, /is read-only here|not defined by type/],
    ['whose child has a number somebody has', { orders: [{ orderNumber: 'B-1', total: '1' }] }, /already/],
  ])('%s', async (_, fields, message) => {
    const code = /already/.test(message.source) ? 'CONFLICT' : 'BAD_INPUT';
    const answer = await app.refused(code, () => create(surface, 'Customer', { ...customer, ...fields }));

    expect(answer.message).toMatch(message);
  });

  test('with a field called __proto__', async () => {
    const text = JSON.stringify({ ...customer, x: { polluted: true } }).replace('"x"', '"__proto__"');
    await app.refused('BAD_INPUT', () => create(surface, 'Customer', surface === 'rest' ? text : JSON.parse(text)));

    expect('polluted' in {}).toBe(false);
  });

  test('whose email somebody has', async () => {
    const answer = await app.refused('CONFLICT', () => create(surface, 'Customer', { ...customer, email: 'ada@example.com' }));

    expect(answer.errors).toEqual([
      { path: surface === 'rest' ? ['email'] : ['input', 'email'], message: 'is already taken by Customer 1' },
    ]);
  });

  test.each([[null], ['text'], [5], [[]], [true]])('that is %j', async (input) => {
    await app.refused('BAD_INPUT', () => create(surface, 'Customer', surface === 'rest' ? JSON.stringify(input) : input));
  });
});

describe.each(surfaces)('%s refuses an order', (surface) => {
  test.each<[string, unknown]>([
    ['negative', '-0.01'],
    ['too large', '10000000000.00'],
    ['too precise', '0.001'],
    ['a number that is too precise', 0.001],
    ['a number in exponents', '1e3'],
    ['a number too large for numbers', '1e400'],
    ['not a number', 'NaN'],
    ['infinite', 'Infinity'],
    ['empty', ''],
    ['blank', ' '],
    ['in another notation', '1,50'],
    ['hexadecimal', '0x10'],
    ['with a sign of currency', '$5'],
    ['a plus', '+5'],
    ['of digits of another script', '٣'],
    ['a hundred digits', '9'.repeat(100)],
    ['null', null],
    ['a list', [1]],
    ['an object', { amount: 1 }],
    ['a boolean', true],
  ])('whose total is %s', async (_, total) => {
    await app.refused('BAD_INPUT', () => create(surface, 'Order', { ...order, total }));
  });

  test('whose total overflows JSON', async () => {
    const text = JSON.stringify({ ...order, total: 0 }).replace('"total":0', '"total":1e400');
    await app.refused('BAD_INPUT', () => create(surface, 'Order', surface === 'rest' ? text : JSON.parse(text)));
  });

  test.each<[string, unknown]>([
    ['missing', 999],
    ['of another kind', 'Contact:1'],
    ['0', 0],
    ['negative', -1],
    ['a fraction', 1.5],
    ['beyond 32 bits', 2_147_483_648],
    ['beyond 53 bits', '9007199254740993'],
    ['a word', 'abc'],
    ['empty', ''],
    ['null', null],
    ['with a nul byte', '1\0'],
    ['with a blank', ' 1'],
    ['in another notation', '1e0'],
    ['of digits of another script', '١'],
  ])('whose customer is %s', async (_, customerId) => {
    await app.refused('BAD_INPUT', () => create(surface, 'Order', { ...order, customerId }));
  });

  test('whose number somebody has', async () => {
    const answer = await app.refused('CONFLICT', () => create(surface, 'Order', { ...order, orderNumber: 'B-1' }));

    expect(answer.errors).toEqual([
      { path: surface === 'rest' ? ['orderNumber'] : ['input', 'orderNumber'], message: 'is already taken by Order 1' },
    ]);
  });
});
