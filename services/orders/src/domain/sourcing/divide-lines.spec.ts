import { describe, expect, it } from '@jest/globals';
import { divideLines } from './divide-lines.js';

const stock = (location: string, units: Record<string, number>) => ({
  location,
  units: new Map(Object.entries(units)),
});
const line = (lineId: string, sku: string, quantity: number) => ({ lineId, sku, quantity });

describe('the lines of an order, divided over the places of a plan', () => {
  it('come whole from the best place that has all of them', () => {
    const { shares } = divideLines(
      [line('1', 'A', 3), line('2', 'B', 1)],
      [stock('best', { A: 2, B: 1 }), stock('next', { A: 3, B: 1 })],
    );
    expect(shares).toEqual([
      { location: 'best', lines: [line('2', 'B', 1)] },
      { location: 'next', lines: [line('1', 'A', 3)] },
    ]);
  });
  it('come from the best place also where another has more of them', () => {
    const places = [stock('best', { A: 3 }), stock('next', { A: 9 })];
    expect(divideLines([line('1', 'A', 3)], places).shares).toEqual([{ location: 'best', lines: [line('1', 'A', 3)] }]);
  });
  it('come from few places where none has all: most units first', () => {
    const places = [stock('a', { A: 1 }), stock('b', { A: 1 }), stock('c', { A: 3 })];
    expect(divideLines([line('1', 'A', 4)], places).shares).toEqual([
      { location: 'a', lines: [line('1', 'A', 1)] },
      { location: 'c', lines: [line('1', 'A', 3)] },
    ]);
  });
  it('of the same article share what is there, the larger one first', () => {
    const { shares, unplaced } = divideLines([line('1', 'A', 1), line('2', 'A', 3)], [stock('a', { A: 3 })]);
    expect(shares).toEqual([{ location: 'a', lines: [line('2', 'A', 3)] }]);
    expect(unplaced).toEqual([line('1', 'A', 1)]);
  });
});
