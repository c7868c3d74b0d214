import { describe, expect, it } from '@jest/globals';
import { at, fact, given, NOW_MS, referenceOf, reserve, Scene, SKU, STANDARD, step } from '../testing/given.js';
import { availabilityOf } from './availability.js';
import { confidenceOf } from './confidence.js';

describe('facts', () => {
  it('move the buckets their kind names', () => {
    const scene = given(
      fact('receipt', 10),
      fact('sale', 3),
      fact('return', 1),
      fact('damage', 2),
      fact('adjustment', -1),
    );
    expect(scene.level()).toMatchObject({ onHand: 7, damaged: 2, reserved: 0, incoming: 0 });
  });
  it('are never refused, though they take stock below zero', () => {
    expect(given(fact('sale', 3)).level()).toMatchObject({ onHand: -3 });
  });
  it('correct other buckets by an adjustment that names one', () => {
    const scene = given(
      fact('receipt', 9),
      fact('damage', 4),
      fact('adjustment', -4, { bucket: 'damaged' } as never),
      fact('adjustment', 2, { bucket: 'quality_control' } as never),
    );
    expect(scene.level()).toMatchObject({ onHand: 9, damaged: 0, qualityControl: 2 });
  });
  it('expect, then receive: what arrives is no longer incoming, by its document or the oldest first', () => {
    const scene = given(fact('expect', 10, { reference: 'po1' }), fact('expect', 5, { reference: 'po2' }));
    expect(scene.level()).toMatchObject({ incoming: 15 });
    expect(scene.when(fact('receipt', 5, { reference: 'po2' })).level()).toMatchObject({ incoming: 10, onHand: 5 });
    expect(scene.when(fact('receipt', 12)).level()).toMatchObject({ incoming: 0, onHand: 17 });
    expect(scene.when(fact('receipt', 1, { reference: 'po9' })).level()).toMatchObject({ incoming: 0, onHand: 18 });
  });
  it('carry a transfer from one place to the other', () => {
    const scene = given(fact('receipt', 10), fact('transfer_out', 4, { toLocation: 'dc2', reference: 't1' } as never));
    expect([scene.level()?.onHand, scene.level('dc2')?.incoming]).toEqual([6, 4]);
    scene.when(fact('transfer_in', 4, { location: 'dc2', reference: 't1' }));
    expect(scene.level('dc2')).toMatchObject({ onHand: 4, incoming: 0 });
  });
});

describe('counts', () => {
  it('set what stands there and keep later facts on top', () => {
    const scene = given(fact('receipt', 10, { occurredAt: at(-60) }), fact('sale', 2, { occurredAt: at(-10) }));
    expect(scene.when(fact('count', 7, { occurredAt: at(-30) })).level()).toMatchObject({ onHand: 5 });
  });
  it('absorb what occurred before them and arrives late', () => {
    const scene = given(fact('count', 7, { occurredAt: at(-30) }));
    scene.when(fact('sale', 2, { occurredAt: at(-40) }));
    expect(scene.level()).toMatchObject({ onHand: 7 });
    expect(scene.events).toContainEqual({ kind: 'noted', note: 'absorbed_by_count' });
    expect(scene.when(fact('sale', 2, { occurredAt: at(-30) })).level()).toMatchObject({ onHand: 7 });
    expect(scene.when(fact('sale', 2, { occurredAt: at(-29) })).level()).toMatchObject({ onHand: 5 });
  });
  it('change nothing when a newer one came before', () => {
    const scene = given(fact('count', 7, { occurredAt: at(-30) }), fact('count', 99, { occurredAt: at(-50) }));
    expect(scene.level()).toMatchObject({ onHand: 7, countedAtMs: NOW_MS - 30 * 60_000 });
  });
  it('still let a late receipt end what was expected', () => {
    const scene = given(
      fact('expect', 5, { reference: 'po' }),
      fact('count', 5, { occurredAt: at(-1) }),
      fact('receipt', 5, { reference: 'po', occurredAt: at(-5) }),
    );
    expect(scene.level()).toMatchObject({ onHand: 5, incoming: 0 });
  });
  it('make a store’s figure more or less trusted', () => {
    const store = STANDARD.findLocation('shop');
    const exact = given(
      fact('receipt', 10, { location: 'shop', occurredAt: at(-9) }),
      fact('count', 10, { location: 'shop' }),
    ).level('shop')!;
    const wrong = given(
      fact('receipt', 10, { location: 'shop', occurredAt: at(-9) }),
      fact('count', 5, { location: 'shop' }),
    ).level('shop')!;
    expect([confidenceOf(exact, store, NOW_MS), confidenceOf(wrong, store, NOW_MS)]).toEqual([1, 0.5]);
    expect(confidenceOf(exact, store, NOW_MS + 45 * 86_400_000)).toBe(0.75);
    expect(confidenceOf(exact, store, NOW_MS + 900 * 86_400_000)).toBe(0.5);
    expect(confidenceOf(exact, STANDARD.findLocation('dc'), NOW_MS)).toBe(1);
  });
});

describe('reservations', () => {
  it('hold what stands there, and refuse the rest with what is short', () => {
    const scene = given(fact('receipt', 5), reserve('A', 3));
    expect(scene.level()).toMatchObject({ onHand: 5, reserved: 3 });
    expect(scene.when(reserve('B', 4)).answer()).toMatchObject({ result: 'refused', reason: 'short', shortUnits: 2 });
    expect(scene.level()).toMatchObject({ reserved: 3 });
  });
  it('take all from one place where one has it, else spread, or take what there is', () => {
    const stock = [fact('receipt', 2), fact('receipt', 5, { location: 'dc2' })];
    const both = { locations: ['dc', 'dc2'] };
    expect(given(...stock, reserve('A', 4, both)).answer()).toMatchObject({
      allocations: [{ location: 'dc2', quantity: 4 }],
    });
    expect(given(...stock, reserve('A', 4, { ...both, mode: 'split' })).answer()).toMatchObject({
      allocations: [
        { location: 'dc', quantity: 2 },
        { location: 'dc2', quantity: 2 },
      ],
    });
    expect(given(...stock, reserve('A', 9, { ...both, mode: 'split' })).answer()).toMatchObject({
      result: 'refused',
      shortUnits: 2,
    });
    expect(given(...stock, reserve('A', 9, { ...both, mode: 'partial' })).answer()).toMatchObject({
      result: 'partial',
      shortUnits: 2,
    });
  });
  it('take a channel’s places in order, minus buffer and doubt; carry-out leaves the online warehouse alone', () => {
    const stock = [fact('receipt', 10, { location: 'shop' }), fact('receipt', 3, { location: 'online' })];
    const byChannel = { locations: undefined, channel: 'web', mode: 'split' };
    // The shop: floor((10 − 1) × 0.9) = 8.
    expect(given(...stock, reserve('A', 11, byChannel)).answer()).toMatchObject({
      allocations: [
        { location: 'online', quantity: 3 },
        { location: 'shop', quantity: 8 },
      ],
    });
    expect(given(...stock, reserve('A', 12, byChannel)).answer()).toMatchObject({ result: 'refused', shortUnits: 1 });
    expect(given(...stock, reserve('A', 3, { locations: ['online'], demand: 'carry_out' })).answer()).toMatchObject({
      result: 'refused',
    });
  });
  it('answer the same request the same, and another one under the same id as a conflict', () => {
    const scene = given(fact('receipt', 5), reserve('A', 3));
    expect(scene.when(reserve('A', 3)).answer()).toMatchObject({
      result: 'unchanged',
      allocations: [{ location: 'dc', quantity: 3 }],
    });
    expect(scene.when(reserve('A', 2)).answer()).toMatchObject({ result: 'refused', reason: 'conflict' });
    expect(scene.level()).toMatchObject({ reserved: 3 });
  });
  it('go through their states, each step repeatable, none out of turn', () => {
    const scene = given(fact('receipt', 5), reserve('A', 3), step('commit', 'A'));
    expect(scene.answer()).toMatchObject({ result: 'accepted', state: 'COMMITTED' });
    expect(scene.when(step('commit', 'A')).answer()).toMatchObject({ result: 'unchanged' });
    expect(scene.when(step('expire', 'A'), 120).answer()).toMatchObject({ result: 'refused' });
    expect(scene.when(step('fulfil', 'A')).level()).toMatchObject({ onHand: 2, reserved: 0 });
    expect(scene.when(step('release', 'A')).answer()).toMatchObject({
      result: 'refused',
      reason: 'not_possible_when_fulfilled',
    });
  });
  it('end when their time is over, not before', () => {
    const scene = given(fact('receipt', 5), reserve('A', 3));
    expect(scene.when(step('expire', 'A'), 59).answer()).toMatchObject({
      result: 'refused',
      reason: 'not_yet_expired',
    });
    expect(scene.when(step('expire', 'A'), 60).level()).toMatchObject({ reserved: 0 });
  });
  it('cannot be brought to life by a reserve that comes after its release', () => {
    const scene = given(fact('receipt', 5), step('release', 'A'), reserve('A', 3));
    expect(scene.answer()).toMatchObject({ result: 'refused', reason: 'already_released' });
    expect(scene.level()).toMatchObject({ reserved: 0 });
  });
  it('move only to a place that can promise it', () => {
    const move = (quantity: number) =>
      ({
        id: 'm',
        source: 'test',
        type: 'move',
        sku: SKU,
        reservationId: 'A',
        fromLocation: 'dc',
        toLocation: 'dc2',
        quantity,
      }) as never;
    const scene = given(fact('receipt', 5), fact('receipt', 2, { location: 'dc2' }), reserve('A', 3));
    expect(scene.when(move(3)).answer()).toMatchObject({ result: 'refused', reason: 'short', shortUnits: 1 });
    expect(scene.when(move(2)).answer()).toMatchObject({ result: 'accepted' });
    expect([scene.level('dc')?.reserved, scene.level('dc2')?.reserved]).toEqual([1, 2]);
  });
  it('are refused for what the catalog does not know', () => {
    expect(given(fact('receipt', 5), reserve('A', 1, { locations: ['nowhere'] })).answer()).toMatchObject({
      reason: 'unknown_location',
    });
    expect(
      given(fact('receipt', 5), reserve('A', 1, { locations: undefined, channel: 'nope' })).answer(),
    ).toMatchObject({ reason: 'unknown_channel' });
    const unknownSku = { ...STANDARD, findProduct: () => undefined };
    expect(new Scene(unknownSku).when(fact('receipt', 5)).when(reserve('A', 1)).answer()).toMatchObject({
      reason: 'unknown_sku',
    });
  });
  it('do not take a factory figure that is too old, nor units fenced for another channel', () => {
    const scene = given(fact('receipt', 5, { location: 'factory' }));
    expect(scene.when(reserve('A', 1, { locations: ['factory'] }), 61).answer()).toMatchObject({ result: 'refused' });
    expect(scene.when(reserve('B', 1, { locations: ['factory'], expiresAt: at(120) }), 59).answer()).toMatchObject({
      result: 'accepted',
    });
    const fence = {
      id: 'f',
      source: 'test',
      type: 'ring_fence',
      sku: SKU,
      location: 'dc',
      channel: 'vip',
      quantity: 4,
    } as never;
    const fenced = given(fact('receipt', 5), fence);
    expect(fenced.when(reserve('C', 2)).answer()).toMatchObject({ result: 'refused', shortUnits: 1 });
    expect(fenced.when(reserve('D', 5, { channel: 'vip' })).answer()).toMatchObject({ result: 'accepted' });
  });
});

describe('a fact that takes stock below what is promised', () => {
  it('is a shortfall that names the newest promises, and only when the gap grows', () => {
    const scene = given(fact('receipt', 10), reserve('old', 4), reserve('new', 4), fact('sale', 5));
    expect(scene.events).toContainEqual({
      kind: 'shortfall_found',
      location: 'dc',
      shortUnits: 3,
      endangered: [{ reservationId: 'new', quantity: 4 }],
    });
    scene.when(fact('return', 1));
    expect(scene.events.some(({ kind }) => kind === 'shortfall_found')).toBe(false);
  });
});

describe('availability', () => {
  it('sums what places may promise, by channel and region, with a status', () => {
    const scene = given(fact('receipt', 10, { location: 'shop' }), fact('receipt', 3));
    expect([...availabilityOf(scene.draft, scene.context(NOW_MS)).values()]).toEqual([
      { channel: 'web', region: 'all', available: 11, status: 'in_stock' },
    ]);
    scene.when(fact('sale', 10, { location: 'shop' })).when(fact('sale', 1));
    expect([...availabilityOf(scene.draft, scene.context(NOW_MS)).values()][0]).toMatchObject({
      available: 2,
      status: 'low',
    });
    scene.when(fact('sale', 9));
    expect([...availabilityOf(scene.draft, scene.context(NOW_MS)).values()][0]).toMatchObject({
      available: 0,
      status: 'out',
    });
  });
  it('shows nothing of a SKU or place the catalog does not know', () => {
    const nowhere = new Scene(referenceOf([])).when(fact('receipt', 5));
    expect(availabilityOf(nowhere.draft, nowhere.context(NOW_MS)).size).toBe(0);
  });
});
