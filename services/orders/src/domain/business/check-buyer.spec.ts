import { describe, expect, it } from '@jest/globals';
import { BuyerTerms } from '@shelfline/contracts/buyer-terms';
import { changing } from '../../testing/changing.js';
import { placing } from '../../testing/order-cases.js';
import { OrderScene } from '../../testing/order-scene.js';

const scene = (terms?: object, over: Partial<OrderScene> = {}) =>
  Object.assign(new OrderScene({ A: { dc: 500 }, B: { dc: 500 } }), {
    buyers: { school: { active: true, ...(terms ? { terms: BuyerTerms.parse(terms) } : {}) } },
    ...over,
  });
const refusals = (one: OrderScene, quantities: Record<string, number>, over: object = {}) =>
  one.when(placing(quantities, { buyer: 'school', ...over })).refusals.map(({ code, field }) => [code, field]);

describe('quantities of a business buyer', () => {
  const packs = { quantities: [{ skus: ['A'], minUnits: 24, packUnits: 12 }, { minUnits: 2 }] };

  it.each([
    ['whole packs above the minimum are taken', { A: 36 }, []],
    ['too few are refused', { A: 12 }, [['below_minimum', 'lines[0].quantity']]],
    ['a broken pack is refused', { A: 30 }, [['not_whole_packs', 'lines[0].quantity']]],
    ['each product by the first rule that names it', { A: 24, B: 1 }, [['below_minimum', 'lines[1].quantity']]],
  ])('%s', (_, quantities, faults) => {
    expect(refusals(scene(packs), quantities as Record<string, number>)).toEqual(faults);
  });

  it('says what to ask for instead', () => {
    const one = scene(packs);
    one.when(placing({ A: 30 }, { buyer: 'school' }));
    expect(one.refusals[0]?.detail).toContain('in packs of 12, and 30 are asked for; ask for 24 or 36');
  });

  it('counts a product that stands in two lines once', () => {
    const one = scene({ quantities: [{ minUnits: 4, packUnits: 4 }] });
    const line = { sku: 'A', quantity: 2, unitPriceMinor: 1 };
    one.when({
      ...placing({}, { buyer: 'school' }),
      lines: [
        { ...line, lineId: '1' },
        { ...line, lineId: '2' },
      ],
    });
    expect(one.refusals).toEqual([]);
  });

  it('were unchecked where an order was changed', () => {
    const one = scene(packs);
    one.when(placing({ A: 36, B: 4 }, { buyer: 'school' }));
    expect(one.when(changing({ A: 12 })).refusals).toMatchObject([
      {
        code: 'below_minimum',
        field: 'lines[0].quantity',
        detail: 'A is sold to this buyer from 24 units on, and 12 are asked for; ask for at least 24',
      },
    ]);
    expect(one.when(changing({ B: 3, A: 40 })).refusals).toMatchObject([
      { code: 'not_whole_packs', field: 'lines[1].quantity' },
    ]);
    expect(one.order.lines.map(({ cancelledUnits }) => cancelledUnits)).toEqual([0, 0]);
    // Nothing of a product is no order of it, and what stays as it is was taken by the rules of its time.
    expect(one.when(changing({ A: 0 })).refusals).toEqual([]);
    one.buyers = { school: { active: true, terms: BuyerTerms.parse({ quantities: [{ minUnits: 50 }] }) } };
    expect(one.when(changing({}, { destination: { city: 'Lyon' } })).refusals).toEqual([]);
  });

  it('are nobody else’s', () => {
    expect(refusals(scene(packs), { A: 1 }, { buyer: undefined })).toEqual([]);
  });
});

describe('a buyer', () => {
  it.each([
    ['that the catalog does not know is refused', scene(), { buyer: 'nobody' }, 'unknown_buyer'],
    ['without terms is refused', scene(), {}, 'unknown_buyer'],
    ['without an account does not buy on account', scene({}), { payment: 'on_account' }, 'no_account'],
    [
      'buys on account from nobody where no connector is configured',
      scene({ account: 'S-1' }, { givesCredit: false }),
      { payment: 'on_account' },
      'no_credit_connector',
    ],
    ['has to be named by what is bought on account', scene(), { buyer: undefined, payment: 'on_account' }, 'no_buyer'],
  ])('%s', (_, one, over, code) => {
    expect(refusals(one, { A: 1 }, over).map(([found]) => found)).toEqual([code]);
    expect([one.orders.size, one.commands, one.creditRequests]).toEqual([0, [], []]);
  });

  it('that has left is refused', () => {
    const one = scene({});
    one.buyers = { school: { ...one.buyers['school']!, active: false } };
    expect(refusals(one, { A: 1 })).toEqual([['unknown_buyer', 'buyer']]);
  });

  it('may pay otherwise where it has no account', () => {
    expect(refusals(scene({}), { A: 1 }, { payment: 'paid' })).toEqual([]);
  });
});
