import { describe, expect, it } from '@jest/globals';
import { count, fact, hours, receipt, reserve, sale } from '../testing/deltas.js';
import { given, givenIn } from '../testing/given-stock.js';

describe('a fact', () => {
  it.each([
    ['receipt', 3, { onHand: 13 }],
    ['return', 3, { onHand: 13 }],
    ['transfer_in', 3, { onHand: 13 }],
    ['sale', 3, { onHand: 7 }],
    ['transfer_out', 3, { onHand: 7 }],
    ['damage', 3, { onHand: 10, damaged: 3 }],
    ['expect', 3, { onHand: 10, incoming: 3 }],
    ['adjustment', -3, { onHand: 7 }],
  ] as const)('%s of %i units leaves %j', (type, quantity, after) => {
    expect(given(receipt(10)).when(fact(type, quantity)).level('shop-a')).toMatchObject(after);
  });

  it('adjustment corrects the bucket it names', () => {
    const stock = given(receipt(10), fact('damage', 4)).when(fact('adjustment', -1, 'shop-a', { bucket: 'damaged' }));
    expect(stock.level('shop-a')).toMatchObject({ onHand: 10, damaged: 3 });
    const held = given(receipt(10)).when(fact('adjustment', 2, 'shop-a', { bucket: 'quality_control' }));
    expect(held.level('shop-a')).toMatchObject({ onHand: 10, qualityControl: 2 });
  });

  it('is never refused: stock goes below zero where more was sold than was known', () => {
    const sold = given(receipt(1)).when(sale(5));
    expect(sold.level('shop-a').onHand).toBe(-4);
    expect(sold.ledger.figures('shop-a').available).toBe(0);
  });

  it('is applied although the catalog knows neither SKU nor place, and the level says so', () => {
    const unknown = givenIn({ products: {}, locations: {}, channels: {} }).when(receipt(5, 'nowhere'));
    expect(unknown.level('nowhere').onHand).toBe(5);
    expect(unknown.ledger.figures('nowhere')).toMatchObject({ unreferenced: true });
    expect(unknown.ledger.shown('web')).toBeUndefined();
  });

  it('gives the level the version of its record and never an older one', () => {
    const ledger = given(receipt(1), sale(1)).ledger;
    expect(ledger.level('shop-a').version).toBe(2);
  });
});

describe('what is expected', () => {
  const order = (quantity: number, reference?: string) =>
    fact('expect', quantity, 'shop-a', reference ? { reference } : {});

  it('is lowered by a receipt of the same document, never below zero', () => {
    const ledger = given(order(10, 'PO-1'), order(5, 'PO-2'), receipt(12, 'shop-a', { reference: 'PO-1' })).ledger;
    expect(ledger.level('shop-a')).toMatchObject({ onHand: 12, incoming: 5 });
  });
  it('is lowered, and nothing else moves, where its document withdraws it', () => {
    const ledger = given(order(10, 'T-1'), order(5, 'T-2')).when(
      fact('expect', 4, 'shop-a', { reference: 'T-1', withdrawn: true }),
    );
    expect(ledger.level('shop-a')).toMatchObject({ onHand: 0, incoming: 11, expected: [{ units: 6 }, { units: 5 }] });
    const all = given(order(3, 'T-1')).when(fact('expect', 9, 'shop-a', { reference: 'T-1', withdrawn: true }));
    expect(all.level('shop-a')).toMatchObject({ incoming: 0, expected: [] });
  });
  it('is lowered oldest first by a receipt that names no document', () => {
    const level = given(order(4, 'PO-1'), order(6, 'PO-2')).when(receipt(7)).level('shop-a');
    expect(level).toMatchObject({ incoming: 3, expected: [{ reference: 'PO-2', units: 3 }] });
  });
  it('is left alone by a receipt of a document nobody announced', () => {
    expect(
      given(order(4, 'PO-1'))
        .when(receipt(4, 'shop-a', { reference: 'PO-9' }))
        .level('shop-a').incoming,
    ).toBe(4);
  });
  it('is raised at the other end of a transfer and lowered when that arrives', () => {
    const shipped = given(receipt(10, 'regional')).when(
      fact('transfer_out', 4, 'regional', { toLocation: 'shop-a', reference: 'T-1' }),
    );
    expect([shipped.level('regional').onHand, shipped.level('shop-a').incoming]).toEqual([6, 4]);
    shipped.ledger.record(fact('transfer_in', 4, 'shop-a', { reference: 'T-1' }));
    expect(shipped.level('shop-a')).toMatchObject({ onHand: 4, incoming: 0, expected: [] });
  });
  it('stays bounded: the oldest documents of very many lose their names, not their units', () => {
    const ledger = given(...Array.from({ length: 300 }, (_, i) => order(1, `PO-${i}`))).ledger;
    expect(ledger.level('shop-a').incoming).toBe(300);
    expect(ledger.level('shop-a').expected.length).toBeLessThanOrEqual(200);
    ledger.record(receipt(300));
    expect(ledger.level('shop-a')).toMatchObject({ incoming: 0, expected: [] });
  });
});

describe('a fact at or before a count', () => {
  it('that comes late was counted with the rest', () => {
    const late = given(count(10, 'shop-a', { occurredAt: hours(0) })).when(
      sale(3, 'shop-a', { occurredAt: hours(-1) }),
    );
    expect(late.level('shop-a').onHand).toBe(10);
    expect(late.note).toBe('absorbed_by_count');
    expect(late.shortfall).toBeUndefined();
  });
  it('still lowers what is expected when it is a receipt', () => {
    const late = given(fact('expect', 5), count(10)).when(receipt(5, 'shop-a', { occurredAt: hours(-1) }));
    expect(late.level('shop-a')).toMatchObject({ onHand: 10, incoming: 0 });
  });
});

describe('a shortfall', () => {
  it('is found when a sale takes what is promised, the newest promises first until the gap is covered', () => {
    const sold = given(receipt(10), reserve('A', 4), reserve('B', 3), reserve('C', 2)).when(sale(4));
    expect(sold.shortfall).toEqual({
      location: 'shop-a',
      shortUnits: 3,
      endangered: [
        { reservationId: 'C', quantity: 2 },
        { reservationId: 'B', quantity: 3 },
      ],
    });
  });
  it('is told again only when the gap grows', () => {
    const history = given(receipt(5), reserve('A', 5)).when(sale(1)).ledger;
    expect(history.record(receipt(0)).some(({ kind }) => kind === 'shortfall_found')).toBe(false);
    expect(history.record(sale(1)).find(({ kind }) => kind === 'shortfall_found')).toMatchObject({ shortUnits: 2 });
  });
  it('is found by damage and by a count too', () => {
    expect(given(receipt(5), reserve('A', 5)).when(fact('damage', 2)).shortfall?.shortUnits).toBe(2);
    expect(given(receipt(5), reserve('A', 5)).when(count(1)).shortfall?.shortUnits).toBe(4);
  });
  it('does not endanger a promise more because it was committed later', () => {
    const commitA = { ...reserve('A', 1), type: 'commit' as const };
    const sold = given(receipt(2), reserve('A', 1), reserve('B', 1), commitA as never).when(sale(1));
    expect(sold.shortfall?.endangered).toEqual([{ reservationId: 'B', quantity: 1 }]);
  });
});
