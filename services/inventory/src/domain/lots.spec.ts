import { describe, expect, it } from '@jest/globals';
import { MOST_LOTS } from '@shelfline/contracts/lot';
import { SHOPS } from '../testing/catalog.js';
import { count, fact, hours, receipt, reserve, sale, step } from '../testing/deltas.js';
import { given, givenIn } from '../testing/given-stock.js';

const ofLot = (lot: string, expiresOn?: string, at = 0) => ({
  lot,
  occurredAt: hours(at),
  ...(expiresOn === undefined ? {} : { expiresOn }),
});

describe('stock that names its lot', () => {
  it('comes into its lot, with its last day and when it first came', () => {
    const then = given(
      receipt(5, 'shop-a', ofLot('A', '2026-06-30', -2)),
      fact('transfer_in', 2, 'shop-a', ofLot('A', undefined, -9)),
    ).when(fact('return', 1, 'shop-a', { lot: 'A' }));
    expect(then.level('shop-a')).toMatchObject({
      onHand: 8,
      lots: [{ lot: 'A', onHand: 8, expiresOn: '2026-06-30', receivedAtMs: Date.parse(hours(-9)) }],
    });
  });

  it.each([
    ['sale', 3],
    ['transfer_out', 3],
    ['adjustment', -3],
  ] as const)('leaves its lot by a %s that names it', (type, quantity) => {
    const then = given(receipt(5, 'shop-a', ofLot('A')), receipt(5, 'shop-a', ofLot('B'))).when(
      fact(type, quantity, 'shop-a', { lot: 'B' }),
    );
    expect(then.lots('shop-a')).toEqual({ '': 0, A: 5, B: 2 });
  });

  it('is never refused: a lot of which more leaves than is there falls below 0, and it is noted', () => {
    const then = given(receipt(5)).when(sale(2, 'shop-a', { lot: 'Z' }));
    expect(then.lots('shop-a')).toEqual({ '': 5, Z: -2 });
    expect(then.level('shop-a').onHand).toBe(3);
    expect(then.note).toBe('lot_short');
  });

  it('is damaged or held in its lot, and stays there', () => {
    const history = given(receipt(5, 'shop-a', ofLot('A')));
    history.when(fact('damage', 2, 'shop-a', { lot: 'A' }));
    const then = history.when(fact('adjustment', 3, 'shop-a', { lot: 'A', bucket: 'quality_control' }));
    expect(then.level('shop-a')).toMatchObject({
      onHand: 5,
      damaged: 2,
      qualityControl: 3,
      lots: [{ lot: 'A', onHand: 5, damaged: 2, qualityControl: 3 }],
    });
  });
});

describe('a sale that names no lot', () => {
  const stock = [
    receipt(2, 'shop-a', ofLot('late', '2026-09-01', -5)),
    receipt(2, 'shop-a', ofLot('soon', '2026-03-20', -1)),
    receipt(2, 'shop-a', ofLot('never-old', undefined, -8)),
    receipt(2, 'shop-a', ofLot('never-new', undefined, -4)),
    receipt(2, 'shop-a', ofLot('over', '2026-02-28', -3)),
    receipt(2, 'shop-a'),
  ];

  it('takes what has no lot, then the earliest last day, then the oldest, and what is expired last', () => {
    const history = given(...stock);
    const order: string[] = [];
    for (let i = 0; i < 12; i++) {
      const { events } = history.when(sale(1));
      const [moved] = events;
      if (moved?.kind === 'stock_moved') order.push(moved.lots?.changes[0]?.lot ?? '');
    }
    expect(order).toEqual([
      '',
      '',
      'soon',
      'soon',
      'late',
      'late',
      'never-old',
      'never-old',
      'never-new',
      'never-new',
      'over',
      'over',
    ]);
  });

  it('stores how much of each lot it took', () => {
    const [moved] = given(...stock).when(sale(7)).events;
    expect(moved).toMatchObject({
      change: { onHand: -7 },
      lots: {
        changes: [
          { lot: 'soon', onHand: -2 },
          { lot: 'late', onHand: -2 },
          { lot: 'never-old', onHand: -1 },
        ],
      },
    });
  });

  it('takes no lot below 0: what is missing is missing without a lot', () => {
    const then = given(receipt(1, 'shop-a', ofLot('A'))).when(sale(4));
    expect(then.lots('shop-a')).toEqual({ '': -3, A: 0 });
    expect(then.note).toBeUndefined();
  });

  it('is of the lot that comes at last when nothing was there', () => {
    const then = given(sale(2)).when(receipt(5, 'shop-a', ofLot('A')));
    expect(then.lots('shop-a')).toEqual({ '': 0, A: 3 });
    expect(then.events[0]).toMatchObject({
      lots: {
        changes: [
          { lot: 'A', onHand: 5 },
          { lot: 'A', onHand: -2 },
        ],
      },
    });
  });

  it('judges what is expired by the day it occurred on, in the place it occurred at', () => {
    const shanghai = {
      ...SHOPS,
      locations: { ...SHOPS.locations, 'shop-a': { type: 'store' as const, timeZone: 'Asia/Shanghai' } },
    };
    const lots = [receipt(1, 'shop-a', ofLot('A', '2026-03-01')), receipt(1, 'shop-a', ofLot('B', '2026-03-02'))];
    // 2026-03-01T12:00Z is 20:00 in Shanghai: its day ends four hours later.
    expect(
      givenIn(shanghai, ...lots)
        .when(sale(1, 'shop-a', { occurredAt: hours(3) }))
        .lots('shop-a'),
    ).toMatchObject({ A: 0, B: 1 });
    expect(
      givenIn(shanghai, ...lots)
        .when(sale(1, 'shop-a', { occurredAt: hours(4) }))
        .lots('shop-a'),
    ).toMatchObject({ A: 1, B: 0 });
  });
});

describe('a promise', () => {
  it('is fulfilled from the lots that were picked, the rest as by a sale that names none', () => {
    const history = given(
      receipt(3, 'shop-a', ofLot('A', '2026-03-05')),
      receipt(3, 'shop-a', ofLot('B', '2026-04-05')),
      reserve('R', 4),
    );
    const then = history.when(step('fulfil', 'R', { lots: [{ lot: 'B', quantity: 2 }] }));
    expect(then.lots('shop-a')).toEqual({ '': 0, A: 1, B: 1 });
    expect(then.level('shop-a')).toMatchObject({ onHand: 2, reserved: 0 });
  });

  it('is not made of what is past its last day', () => {
    const history = given(receipt(3, 'shop-a', ofLot('A', '2026-03-01')), receipt(1, 'shop-a'));
    expect(history.ledger.figures('shop-a')).toMatchObject({ available: 4 });
    history.after(12 * 3_600_000);
    expect(history.ledger.figures('shop-a')).toMatchObject({ available: 1, expired: 3 });
    expect(history.when(reserve('R', 2, { expiresAt: hours(99) })).answer).toMatchObject({
      result: 'refused',
      shortUnits: 1,
    });
    expect(history.when(reserve('S', 1, { expiresAt: hours(99) })).answer).toMatchObject({ result: 'accepted' });
  });

  it('does not lose twice what is expired and damaged', () => {
    const history = given(
      receipt(5, 'shop-a', ofLot('A', '2026-02-01')),
      receipt(5),
      fact('damage', 2, 'shop-a', { lot: 'A' }),
    );
    expect(history.ledger.figures('shop-a')).toMatchObject({ expired: 3, available: 5 });
  });
});

describe('a count', () => {
  it('of a lot sets that lot only, and later facts of it stay on top', () => {
    const history = given(
      receipt(10, 'shop-a', { occurredAt: hours(-9) }),
      receipt(5, 'shop-a', ofLot('A', undefined, -8)),
      receipt(5, 'shop-a', ofLot('B', undefined, -8)),
      sale(1, 'shop-a', ofLot('A', undefined, -1)),
      sale(1, 'shop-a', ofLot('B', undefined, -1)),
    );
    const then = history.when(count(7, 'shop-a', ofLot('A', undefined, -2)));
    expect(then.lots('shop-a')).toEqual({ '': 10, A: 6, B: 4 });
    expect(then.level('shop-a')).toMatchObject({ onHand: 20, countedAtMs: null });
  });

  it('of a lot has seen what occurred before it and comes late', () => {
    const history = given(
      receipt(5, 'shop-a', ofLot('A', undefined, -8)),
      count(4, 'shop-a', ofLot('A', undefined, -2)),
    );
    const late = history.when(sale(1, 'shop-a', ofLot('A', undefined, -3)));
    expect(late.lots('shop-a')).toEqual({ '': 0, A: 4 });
    expect(late.note).toBe('absorbed_by_count');
    expect(history.when(sale(1, 'shop-a', ofLot('B', undefined, -3))).lots('shop-a')).toEqual({ '': 0, A: 4, B: -1 });
    // One that names no lot was not of the lot that was counted since.
    expect(history.when(sale(1, 'shop-a', { occurredAt: hours(-3) })).lots('shop-a')).toEqual({ '': -1, A: 4, B: -1 });
  });

  it('of a lot changes nothing when a newer one of it or of the whole came before', () => {
    const history = given(
      receipt(5, 'shop-a', ofLot('A', undefined, -8)),
      count(4, 'shop-a', ofLot('A', undefined, -2)),
    );
    expect(history.when(count(9, 'shop-a', ofLot('A', undefined, -3))).note).toBe('superseded_count');
    history.when(count(4, 'shop-a', { occurredAt: hours(0) }));
    expect(history.when(count(9, 'shop-a', ofLot('B', undefined, -1))).note).toBe('superseded_count');
  });

  it('of the whole finds less: it is missing as by a sale that names no lot', () => {
    const then = given(receipt(2), receipt(5, 'shop-a', ofLot('A'))).when(count(4));
    expect(then.lots('shop-a')).toEqual({ '': 0, A: 4 });
  });

  it('of the whole finds more: lots below 0 were wrong by as many, the rest has no lot', () => {
    const then = given(
      sale(2, 'shop-a', ofLot('A', undefined, -1)),
      receipt(1, 'shop-a', ofLot('B', undefined, -1)),
    ).when(count(4));
    expect(then.lots('shop-a')).toEqual({ '': 3, A: 0, B: 1 });
  });

  it('of the whole has seen a receipt that comes late, which still tells the lot', () => {
    const history = given(count(6));
    const then = history.when(receipt(4, 'shop-a', ofLot('A', '2026-05-01', -1)));
    expect(then.lots('shop-a')).toEqual({ '': 2, A: 4 });
    expect(then.level('shop-a').onHand).toBe(6);
    // No more than is there, and what left of the lot before the count only as far as it is there.
    expect(history.when(receipt(9, 'shop-a', ofLot('B', undefined, -2))).lots('shop-a')).toEqual({ '': 0, A: 4, B: 2 });
    expect(history.when(sale(5, 'shop-a', ofLot('A', undefined, -2))).lots('shop-a')).toEqual({ '': 4, A: 0, B: 2 });
    expect(history.ledger.level('shop-a').onHand).toBe(6);
  });
});

describe('a level', () => {
  it('of which no lot was ever named has none', () => {
    const level = given(receipt(5), sale(1), count(3), reserve('R', 1), step('fulfil', 'R')).ledger.level('shop-a');
    expect(Object.keys(level).filter((name) => ['lots', 'serials', 'expired'].includes(name))).toEqual([]);
  });

  it(`keeps ${MOST_LOTS} lots: of one more, the one that came first loses its name`, () => {
    const many = Array.from({ length: MOST_LOTS }, (_, i) => receipt(1, 'shop-a', ofLot(`L${i}`, undefined, i - 500)));
    const then = given(...many).when(receipt(1, 'shop-a', ofLot('last')));
    expect(then.events[0]).toMatchObject({
      lots: {
        changes: [
          { lot: 'last', onHand: 1 },
          { lot: 'L0', onHand: -1 },
        ],
      },
    });
    expect(then.lots('shop-a')).toMatchObject({ '': 1, last: 1, L1: 1 });
    expect(then.level('shop-a').lots!.filter(({ onHand }) => onHand > 0)).toHaveLength(MOST_LOTS);
  });

  it('forgets lots that are long gone', () => {
    const gone = Array.from({ length: 50 }, (_, i) => [
      receipt(1, 'shop-a', ofLot(`L${i}`, undefined, i - 500)),
      sale(1, 'shop-a', ofLot(`L${i}`, undefined, i - 499)),
    ]).flat();
    const lots = given(...gone)
      .ledger.level('shop-a')
      .lots!.map(({ lot }) => lot);
    expect(lots).toHaveLength(20);
    expect(lots).toContain('L49');
  });
});
