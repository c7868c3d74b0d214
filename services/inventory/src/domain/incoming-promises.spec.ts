import { describe, expect, it } from '@jest/globals';
import type { StockCommand } from '@shelfline/contracts/stock-delta';
import { at, fact, given, reserve, Scene, step } from '../testing/given.js';

const ahead = (reservationId: string, quantity: number, over: object = {}) =>
  reserve(reservationId, quantity, { against: 'incoming', lasting: true, ...over });
const expecting = (quantity: number, over: object = {}) => fact('expect', quantity, { reference: 'D1', ...over });
const stateOf = (scene: Scene, id: string) => {
  const { state, allocations, awaited } = scene.draft.findReservation(id)!;
  return { state, allocations, awaited };
};

describe('units promised against a delivery', () => {
  it('of which a part has come tell that all has, when no more than the part is kept', () => {
    const scene = new Scene();
    scene.when(fact('expect', 5, { location: 'dc', reference: 'D1' }));
    scene.when(reserve('r1', 5, { against: 'incoming', lasting: true, locations: ['dc'] }));
    scene.when(fact('receipt', 3, { location: 'dc', reference: 'D1' }));
    const { events } = scene.when({ ...step('release', 'r1'), type: 'reduce', keep: 3 } as StockCommand);
    expect(events).toContainEqual({
      kind: 'promises_met',
      location: 'dc',
      met: [{ reservationId: 'r1', quantity: 3 }],
    });
    expect(scene.level('dc')).toMatchObject({ reserved: 3, incoming: 2 });
  });

  it('are never more than are expected', () => {
    const scene = given(expecting(5), ahead('A', 3), ahead('B', 3));
    expect(scene.answer()).toMatchObject({ result: 'refused', reason: 'short', shortUnits: 1 });
    expect(scene.level()).toMatchObject({ incoming: 5, promisedIncoming: 3, reserved: 0 });
  });

  it('are taken by nobody from what stands there, and leave what stands there to others', () => {
    const scene = given(fact('receipt', 4), expecting(5), ahead('A', 5), reserve('B', 4));
    expect(scene.answer()).toMatchObject({ result: 'accepted' });
    expect(scene.level()).toMatchObject({ onHand: 4, reserved: 4, promisedIncoming: 5 });
  });

  it('say when the last of them is expected, as those before are served first', () => {
    const scene = given(
      expecting(5, { reference: 'late', expectedAt: at(3000) }),
      expecting(5, { reference: 'soon', expectedAt: at(1000) }),
      ahead('A', 4),
    );
    expect(scene.answer()).toMatchObject({ awaited: [{ location: 'dc', quantity: 4, expectedAt: at(1000) }] });
    scene.when(ahead('B', 4));
    expect(scene.answer()).toMatchObject({ awaited: [{ quantity: 4, expectedAt: at(3000) }] });
  });

  it('have no date where a document has none', () => {
    const scene = given(expecting(5), ahead('A', 4));
    expect(scene.answer()).toMatchObject({ awaited: [{ location: 'dc', quantity: 4 }] });
    expect(scene.draft.findReservation('A')?.awaited?.[0]).not.toHaveProperty('expectedAt');
  });

  it('become reserved as they come in, the oldest promise first, whoever else asks meanwhile', () => {
    const scene = given(expecting(10), ahead('A', 4), ahead('B', 4));
    scene.when(fact('receipt', 6, { reference: 'D1' }));
    expect(stateOf(scene, 'A')).toEqual({ state: 'COMMITTED', allocations: [{ location: 'dc', quantity: 4 }] });
    expect(stateOf(scene, 'B')).toMatchObject({
      allocations: [{ location: 'dc', quantity: 2 }],
      awaited: [{ location: 'dc', quantity: 2 }],
    });
    expect(scene.level()).toMatchObject({ onHand: 6, reserved: 6, incoming: 4, promisedIncoming: 2 });
    expect(scene.when(reserve('C', 1)).answer()).toMatchObject({ result: 'refused', reason: 'short' });
  });

  it('are told once, when the last of a promise has come', () => {
    const scene = given(expecting(10), ahead('A', 4), ahead('B', 4));
    scene.when(fact('receipt', 6, { reference: 'D1' }));
    expect(scene.events).toContainEqual({
      kind: 'promises_met',
      location: 'dc',
      met: [{ reservationId: 'A', quantity: 4 }],
    });
    scene.when(fact('receipt', 4, { reference: 'D1' }));
    expect(scene.events).toContainEqual({
      kind: 'promises_met',
      location: 'dc',
      met: [{ reservationId: 'B', quantity: 4 }],
    });
    expect(scene.level()).toMatchObject({ onHand: 10, reserved: 8, incoming: 0 });
    expect(scene.level()).not.toHaveProperty('promisedIncoming');
  });

  it('are served by more than was expected too, and by a delivery that names no document', () => {
    const scene = given(expecting(3), ahead('A', 3), fact('receipt', 9, { reference: 'another' }));
    expect(stateOf(scene, 'A')).toMatchObject({ allocations: [{ quantity: 3 }], awaited: undefined });
    expect(scene.level()).toMatchObject({ onHand: 9, reserved: 3, incoming: 3 });
  });

  it('cover first what is short already', () => {
    const scene = given(fact('receipt', 5), reserve('R', 5), fact('sale', 3), expecting(4), ahead('A', 2));
    expect(scene.answer()).toMatchObject({ result: 'refused', shortUnits: 1 });
    expect(scene.when(ahead('B', 1)).answer()).toMatchObject({ result: 'accepted' });
  });
});

describe('a delivery that shrinks', () => {
  it('takes back the newest promises, whole, and says whose they were', () => {
    const scene = given(expecting(10), ahead('A', 4), ahead('B', 4), ahead('C', 2));
    scene.when(expecting(3, { withdrawn: true }));
    expect(scene.events).toContainEqual({
      kind: 'shortfall_found',
      of: 'incoming',
      location: 'dc',
      shortUnits: 3,
      endangered: [
        { reservationId: 'C', quantity: 2 },
        { reservationId: 'B', quantity: 4 },
      ],
    });
    expect(scene.level()).toMatchObject({ incoming: 7, promisedIncoming: 4 });
    expect(stateOf(scene, 'B')).toEqual({ state: 'RELEASED', allocations: [], awaited: undefined });
  });

  it('gives back what had come of a promise that it takes back', () => {
    const scene = given(expecting(10), ahead('A', 6), fact('receipt', 2, { reference: 'D1' }));
    scene.when(expecting(8, { withdrawn: true }));
    expect(scene.level()).toMatchObject({ onHand: 2, reserved: 0, incoming: 0 });
    expect(scene.level()).not.toHaveProperty('promisedIncoming');
    expect(stateOf(scene, 'A')).toMatchObject({ state: 'RELEASED' });
  });

  it('leaves promises alone as long as enough is expected', () => {
    const scene = given(expecting(10), ahead('A', 4), expecting(6, { withdrawn: true }));
    expect(stateOf(scene, 'A')).toMatchObject({ state: 'COMMITTED', awaited: [{ quantity: 4 }] });
    expect(scene.events).toHaveLength(1);
  });

  it('found by a recount takes back what it does not cover', () => {
    const scene = given(expecting(10), ahead('A', 4), ahead('B', 4));
    const recount = { onHand: 0, reserved: 0, damaged: 0, qualityControl: 0, incoming: 5 };
    scene.when({
      id: 'repair',
      source: 'verify-cli',
      type: 'repair',
      sku: 'S1',
      location: 'dc',
      recount,
      found: recount,
      recountedThrough: 99,
      operator: 'Li Wei',
      reason: 'restored',
    });
    expect(scene.level()).toMatchObject({ incoming: 5, promisedIncoming: 4 });
    expect(stateOf(scene, 'B')).toMatchObject({ state: 'RELEASED' });
  });
});

describe('a reservation that awaits goods', () => {
  it('is given back whole', () => {
    const scene = given(expecting(10), ahead('A', 6), fact('receipt', 2, { reference: 'D1' }), step('release', 'A'));
    expect(scene.level()).toMatchObject({ onHand: 2, reserved: 0, incoming: 8 });
    expect(scene.level()).not.toHaveProperty('promisedIncoming');
    scene.when(fact('receipt', 8, { reference: 'D1' }));
    expect(scene.level()).toMatchObject({ onHand: 10, reserved: 0, incoming: 0 });
  });

  it('cannot be shipped before all of it is there', () => {
    const scene = given(expecting(4), ahead('A', 4), fact('receipt', 3, { reference: 'D1' }), step('fulfil', 'A'));
    expect(scene.answer()).toMatchObject({ result: 'refused', reason: 'awaits_goods' });
    scene.when(fact('receipt', 1, { reference: 'D1' })).when(step('fulfil', 'A'));
    expect(scene.answer()).toMatchObject({ result: 'accepted', state: 'FULFILLED' });
    expect(scene.level()).toMatchObject({ onHand: 0, reserved: 0, incoming: 0 });
  });

  it('asked for again is answered with what it awaits; as one of what stands there it is another request', () => {
    const scene = given(expecting(4), ahead('A', 4));
    expect(scene.when(ahead('A', 4)).answer()).toMatchObject({
      result: 'unchanged',
      shortUnits: 0,
      awaited: [{ location: 'dc', quantity: 4 }],
    });
    expect(scene.when(reserve('A', 4, { lasting: true })).answer()).toMatchObject({
      result: 'refused',
      reason: 'conflict',
    });
    expect(scene.level()).toMatchObject({ promisedIncoming: 4 });
  });

  it('released before it was made stays released', () => {
    const scene = given(expecting(4), step('release', 'A'), ahead('A', 4));
    expect(scene.answer()).toMatchObject({ result: 'refused', reason: 'already_released' });
  });

  it('may be for deliveries to a channel’s places, the guaranteed one first', () => {
    const scene = given(
      expecting(4, { location: 'shop' }),
      expecting(4, { location: 'online' }),
      ahead('A', 5, { locations: undefined, channel: 'web', mode: 'split' }),
    );
    expect(scene.answer()).toMatchObject({
      awaited: [
        { location: 'online', quantity: 4 },
        { location: 'shop', quantity: 1 },
      ],
    });
  });

  it('is endangered when goods come in that were sold before they were known', () => {
    const scene = given(expecting(4), ahead('A', 4), fact('sale', 3));
    scene.when(fact('receipt', 4, { reference: 'D1' }));
    expect(scene.level()).toMatchObject({ onHand: 1, reserved: 4 });
    expect(scene.events).toContainEqual({
      kind: 'shortfall_found',
      location: 'dc',
      shortUnits: 3,
      endangered: [{ reservationId: 'A', quantity: 4 }],
    });
  });
});

describe('units that come for somebody by name', () => {
  const heldFor = (quantity: number) => ({
    heldFor: { reservationId: 'H', quantity, mode: 'partial', expiresAt: at(60) },
  });
  it('are his, and keep no promise of a delivery', () => {
    const scene = given(expecting(5), ahead('A', 5));
    scene.when(fact('transfer_in', 3, { reference: 'transfer/T', ...heldFor(3) }));
    expect(stateOf(scene, 'H')).toMatchObject({ allocations: [{ location: 'dc', quantity: 3 }] });
    expect(stateOf(scene, 'A')).toMatchObject({ allocations: [], awaited: [{ quantity: 5 }] });
    expect(scene.level()).toMatchObject({ onHand: 3, reserved: 3, incoming: 5, promisedIncoming: 5 });
  });

  it('leave what comes besides them to the oldest promise', () => {
    const scene = given(expecting(5), ahead('A', 5));
    scene.when(fact('transfer_in', 7, { reference: 'transfer/T', ...heldFor(5) }));
    expect(stateOf(scene, 'A')).toMatchObject({ allocations: [{ quantity: 2 }], awaited: [{ quantity: 3 }] });
    expect(scene.level()).toMatchObject({ onHand: 7, reserved: 7, incoming: 5, promisedIncoming: 3 });
  });

  it('take back a promise that was made of them all the same', () => {
    const scene = given(expecting(5, { reference: 'transfer/T' }), ahead('A', 4));
    scene.when(fact('transfer_in', 5, { reference: 'transfer/T', ...heldFor(5) }));
    expect(stateOf(scene, 'A')).toMatchObject({ state: 'RELEASED' });
    expect(scene.level()).toMatchObject({ onHand: 5, reserved: 5, incoming: 0 });
    expect(scene.level()).not.toHaveProperty('promisedIncoming');
  });
});
