import { describe, expect, it } from '@jest/globals';
import { doing, ORDER_ID } from '../../testing/order-cases.js';
import {
  asking,
  disposing,
  inspecting,
  type ReturnScene,
  receiving,
  saying,
  shipped,
} from '../../testing/return-cases.js';
import { returnEffects } from './return-effects.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const code = ({ refusals }: ReturnScene) => refusals[0]?.code;
const effects = (scene: ReturnScene) => returnEffects(scene.order, scene.events);
const state = (scene: ReturnScene) => scene.order.returns?.[0]?.state;

describe('a return', () => {
  it('is asked for, received anywhere, inspected and restocked there, and paid back once', () => {
    const scene = shipped({ A: 3 }, { channelOrder: 'TM-1', memberId: 'm-1' });
    scene.when(asking({ A: 2 }));
    expect(state(scene)).toBe('REQUESTED');
    scene.when(receiving({ A: 2 }));
    expect(effects(scene)).toMatchObject({ facts: [], refunds: [], told: [{ type: 'received', memberId: 'm-1' }] });
    scene.when(inspecting({ A: 2 }));
    expect(effects(scene)?.refunds).toMatchObject([
      { channelOrder: 'TM-1', goodsMinor: 200, refundMinor: 200, chargeMinor: 0 },
    ]);
    scene.when(disposing({ A: 2 }));
    expect(effects(scene)?.facts).toEqual([
      expect.objectContaining({
        type: 'return',
        sku: 'A',
        location: 'shop-2',
        quantity: 2,
        id: `r/${ORDER_ID}/r1/line-A/0`,
      }),
    ]);
    expect(state(scene)).toBe('CLOSED');
    expect(scene.order.returns![0]!.history.map(({ type, by }) => `${type} ${by}`)).toEqual([
      'requested ann',
      'received ann',
      'inspected ann',
      'disposed ann',
    ]);
  });

  it('begins on the counter of a store in one step', () => {
    const scene = shipped();
    scene.when(asking({ A: 1 }, { store: 'shop-2', receivedHere: true }));
    expect(effects(scene)?.told.map(({ type }) => type)).toEqual(['requested', 'received']);
    expect(scene.order.returns).toMatchObject([{ state: 'RECEIVED', store: 'shop-2' }]);
  });

  it('is no more than has left the house, over all returns of the order', () => {
    const scene = shipped({ A: 3 });
    scene.when(asking({ A: 4 }));
    expect(code(scene)).toBe('more_than_sold');
    scene.when(asking({ A: 2 }), asking({ A: 2 }, { returnId: 'r2' }));
    expect(code(scene)).toBe('more_than_sold');
    scene.when(saying({ type: 'return_cancelled' }), asking({ A: 3 }, { returnId: 'r3' }));
    expect(scene.order.returns!.map((one) => one.state)).toEqual(['CANCELLED', 'REQUESTED']);
    scene.when(asking({ A: 1 }, { returnId: 'r3' }));
    expect(code(scene)).toBe('return_exists');
  });

  it('lies in one store: another one can neither receive more of it nor inspect it', () => {
    const scene = shipped();
    scene.when(asking({ A: 3 }), receiving({ A: 1 }, 'shop-1'), receiving({ A: 1 }, 'shop-2'));
    expect(code(scene)).toBe('received_elsewhere');
    scene.when(inspecting({ A: 1 }));
    expect(code(scene)).toBe('received_elsewhere');
    scene.when(receiving({ A: 3 }, 'shop-1'));
    expect(code(scene)).toBe('too_many_units');
  });

  it('is refused after its period, unless one who may takes it all the same; both are kept', () => {
    const scene = shipped();
    scene.pass(14 * DAY_MS + 1);
    scene.when(asking({ A: 1 }));
    expect(code(scene)).toBe('after_period');
    const override = { by: 'bo', role: 'store', reason: 'good customer' };
    scene.when(asking({ A: 1 }, { override }));
    expect(code(scene)).toBe('may_not_override');
    scene.when(asking({ A: 1 }, { override: { ...override, role: 'ops' } }));
    expect(scene.order.returns![0]!.history[0]!.reason).toBe('ops bo: good customer');
  });

  it('was exchanged for an order without an address once its customer was taken out', () => {
    const scene = shipped({ A: 3 }, { destination: { address: '1 rue X', city: 'Lyon' } });
    const erase = {
      type: 'erase_customer',
      id: 'e',
      source: 's',
      orderId: ORDER_ID,
      by: 'dpo',
      reason: 'R-7',
    } as const;
    scene.when(doing('deliver', { store: 'dc' }), erase);
    expect(scene.order.placed.destination).toEqual({ city: 'Lyon' });
    const exchange = { lines: [{ lineId: 'x', sku: 'A', quantity: 1, unitPriceMinor: 100 }] };
    scene.when(asking({ A: 1 }, { exchange }));
    expect(scene.refusals).toMatchObject([{ code: 'address_erased', field: 'exchange.store' }]);
    scene.when(asking({ A: 1 }, { exchange: { ...exchange, store: 'shop-1' } }));
    expect(state(scene)).toBe('REQUESTED');
  });

  it('gives back what is not taken back: no stock, no money, and it may be brought again', () => {
    const scene = shipped({ A: 1 });
    scene.when(asking({ A: 1 }), receiving({ A: 1 }), inspecting({ A: 1 }, 'damaged'));
    expect(effects(scene)?.refunds).toEqual([]);
    scene.when(disposing({ A: 1 }));
    expect(scene.refusals).toMatchObject([{ code: 'disposition_not_allowed', allowed: ['hand_back'] }]);
    scene.when(disposing({ A: 1 }, 'hand_back'));
    expect(effects(scene)?.facts).toEqual([]);
    scene.when(asking({ A: 1 }, { returnId: 'r2' }));
    expect(scene.order.returns).toHaveLength(2);
  });

  it('never takes another product for the one sold, whoever says so', () => {
    const scene = shipped({ A: 1 });
    scene.when(
      asking({ A: 1 }),
      receiving({ A: 1 }),
      saying({ type: 'return_received', store: 'shop-2', lines: [{ lineId: 'line-A', units: 1, sku: 'B' }] }),
    );
    expect(code(scene)).toBe('out_of_state');
    const override = { by: 'bo', role: 'ops', reason: 'nice' };
    scene.when(inspecting({ A: 1 }, 'wrong_item', { override }));
    expect(scene.order.returns![0]!.lines[0]!.waiting).toEqual({ restockable: 0, unsaleable: 0, declined: 1 });
  });

  it('sells again only what the rule allows, and says where the rest goes', () => {
    const scene = shipped({ A: 3 });
    scene.when(asking({ A: 3 }), receiving({ A: 3 }), inspecting({ A: 3 }, 'opened'), disposing({ A: 1 }));
    expect(code(scene)).toBe('disposition_not_allowed');
    scene.when(disposing({ A: 1 }, 'quality_control'));
    expect(effects(scene)?.facts.map(({ type, id }) => [type, id])).toEqual([
      ['return', `r/${ORDER_ID}/r1/line-A/0`],
      ['adjustment', `q/${ORDER_ID}/r1/line-A/0`],
    ]);
    scene.when(disposing({ A: 1 }, 'write_off'));
    expect(effects(scene)?.facts.map(({ type, id }) => [type, id])).toEqual([
      ['return', `r/${ORDER_ID}/r1/line-A/1`],
      ['damage', `d/${ORDER_ID}/r1/line-A/1`],
    ]);
    scene.when(disposing({ A: 1 }, 'transfer', { location: 'dc' }));
    expect(effects(scene)).toMatchObject({
      facts: [{ type: 'return' }],
      told: [{ lines: [{ disposition: 'transfer', location: 'dc' }] }],
    });
    expect(state(scene)).toBe('CLOSED');
  });

  it('is exchanged for an order of its own, and states the difference', () => {
    const scene = shipped({ A: 1 });
    const exchange = { store: 'shop-1', lines: [{ lineId: '1', sku: 'B', quantity: 1, unitPriceMinor: 130 }] };
    scene.when(asking({ A: 1 }, { exchange }), receiving({ A: 1 }), inspecting({ A: 1 }));
    expect(effects(scene)).toMatchObject({
      exchanges: [
        { type: 'place', orderId: `${ORDER_ID}.x1`, exchangeOf: ORDER_ID, method: 'pickup', store: 'shop-1' },
      ],
      refunds: [{ refundMinor: 0, chargeMinor: 30, exchangeOrderId: `${ORDER_ID}.x1` }],
    });
  });

  it('keeps back the fee of the rule, in parts that add up to the whole', () => {
    const scene = shipped({ A: 3 });
    scene.rules = { standard: { periodDays: 14, feeBasisPoints: 350 } };
    scene.when(asking({ A: 3 }), receiving({ A: 3 }));
    const fees = [1, 2, 3].map(() => {
      scene.when(inspecting({ A: 1 }, 'opened'));
      return effects(scene)!.refunds[0]!.feeMinor;
    });
    expect(fees).toEqual([3, 3, 4]);
    expect(scene.order.returns![0]!.refundMinor).toBe(290);
  });
});

describe('goods that another shop sold', () => {
  const foreign = { channel: 'web', number: 'JD-77' };
  const sold = {
    orderId: 'foreign:web:JD-77',
    foreign,
    store: 'shop-2',
    receivedHere: true,
    lines: [{ lineId: '1', sku: 'A', units: 1 }],
  };
  const get = (scene: ReturnScene) => scene.getOrder('foreign:web:JD-77');
  const told = (scene: ReturnScene) => returnEffects(get(scene), scene.events)!;

  it('wait for head office by rule, and are paid back by the shop that knows the price', () => {
    const scene = shipped();
    scene.when(asking({}, sold));
    expect(get(scene)).toMatchObject({ foreign: true, lines: [], returns: [{ state: 'HELD' }] });
    const own = { orderId: 'foreign:web:JD-77' };
    const lines = [{ lineId: '1', units: 1 }];
    scene.when(receiving({}, 'shop-2', { ...own, lines }));
    expect(scene.refusals).toMatchObject([{ code: 'out_of_state', allowed: ['approve', 'cancel'] }]);
    scene.when(saying({ type: 'return_approved', ...own }), receiving({}, 'shop-2', { ...own, lines }));
    scene.when(inspecting({}, '', { ...own, lines: [{ lineId: '1', units: 1, condition: 'as_new' }] }));
    const [refund] = told(scene).refunds;
    expect(refund).toMatchObject({ channel: 'web', channelOrder: 'JD-77', lines: [{ units: 1 }] });
    expect(refund).not.toHaveProperty('refundMinor');
  });

  it('are refused or taken where the rule says so, and only once', () => {
    const scene = shipped();
    scene.rules = { foreign: 'refuse' };
    scene.when(asking({}, sold));
    expect(code(scene)).toBe('foreign_refused');
    scene.rules = { foreign: 'accept' };
    scene.when(asking({}, sold));
    expect(get(scene).returns).toMatchObject([{ state: 'RECEIVED' }]);
    scene.when(asking({}, { ...sold, returnId: 'r2', lines: [{ lineId: '2', sku: 'A', units: 1 }] }));
    expect(code(scene)).toBe('more_than_sold');
  });

  it('are counted under the one id their number makes', () => {
    const scene = shipped();
    scene.when(asking({}, { ...sold, orderId: 'mine' }));
    expect(code(scene)).toBe('foreign_mismatch');
    scene.when(asking({}, { ...sold, orderId: 'nobody', foreign: undefined }));
    expect(code(scene)).toBe('unknown_order');
  });
});
