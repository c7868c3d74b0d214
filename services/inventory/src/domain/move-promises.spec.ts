import { describe, expect, it } from '@jest/globals';
import { at, fact, given, reserve, type Scene, step } from '../testing/given.js';

const ahead = (reservationId: string, quantity: number) =>
  reserve(reservationId, quantity, { against: 'incoming', lasting: true });
const expecting = (quantity: number, reference: string, minutes?: number, over: object = {}) =>
  fact('expect', quantity, { reference, ...(minutes === undefined ? {} : { expectedAt: at(minutes) }), ...over });
const movedIn = ({ events }: Scene) => events.flatMap((event) => (event.kind === 'promises_moved' ? event.moved : []));
const dayOf = (scene: Scene, id: string) => scene.draft.findReservation(id)?.awaited?.[0]?.expectedAt;

describe('the day of what is promised of a delivery', () => {
  it('moves with its document, and is told of each promise that it concerns', () => {
    const scene = given(expecting(5, 'D1', 1000), ahead('A', 3), ahead('B', 2));
    scene.when(expecting(0, 'D1', 4000));
    expect(movedIn(scene)).toEqual([
      { reservationId: 'A', quantity: 3, expectedAt: at(4000) },
      { reservationId: 'B', quantity: 2, expectedAt: at(4000) },
    ]);
    expect([dayOf(scene, 'A'), scene.level()?.promisedIncoming]).toEqual([at(4000), 5]);
  });

  it('is told once: the same day again, and more of the same day, is no news', () => {
    const scene = given(expecting(5, 'D1', 1000), ahead('A', 3));
    expect(movedIn(scene.when(expecting(0, 'D1', 1000)))).toEqual([]);
    expect(movedIn(scene.when(expecting(4, 'D1', 1000)))).toEqual([]);
  });

  it('is that of the delivery which serves it: the oldest promise has the first', () => {
    const scene = given(expecting(3, 'late', 3000), expecting(3, 'soon', 1000), ahead('A', 3), ahead('B', 3));
    expect([dayOf(scene, 'A'), dayOf(scene, 'B')]).toEqual([at(1000), at(3000)]);
    scene.when(expecting(0, 'soon', 9000));
    expect([dayOf(scene, 'A'), dayOf(scene, 'B')]).toEqual([at(3000), at(9000)]);
    expect(movedIn(scene).map(({ reservationId }) => reservationId)).toEqual(['A', 'B']);
  });

  it('is sooner once somebody before it has given his promise back and the place hears of deliveries', () => {
    const scene = given(expecting(3, 'soon', 1000), expecting(3, 'late', 3000), ahead('A', 3), ahead('B', 3));
    scene.when(step('release', 'A'));
    expect(movedIn(scene.when(expecting(1, 'later', 5000)))).toEqual([
      { reservationId: 'B', quantity: 3, expectedAt: at(1000) },
    ]);
  });

  it('is another one where the delivery before it was short, and nobody’s where none is dated', () => {
    const scene = given(expecting(3, 'soon', 1000), expecting(3, 'undated'), ahead('A', 3));
    scene.when(expecting(1, 'soon', undefined, { withdrawn: true }));
    expect(movedIn(scene)).toEqual([{ reservationId: 'A', quantity: 3 }]);
    expect(dayOf(scene, 'A')).toBeUndefined();
  });

  it('of what has come, and of what is taken back, is told no more', () => {
    const scene = given(expecting(5, 'D1', 1000), ahead('A', 2), ahead('B', 3));
    scene.when(fact('receipt', 2, { reference: 'D1' }));
    scene.when(expecting(1, 'D1', 4000, { withdrawn: true }));
    expect(scene.events.some(({ kind }) => kind === 'shortfall_found')).toBe(true);
    expect(movedIn(scene)).toEqual([]);
  });
});
