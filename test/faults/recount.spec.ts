import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../seeded-random.ts';
import { DeltaMaker, type MadeDelta } from './made-deltas.ts';
import { recount } from './recount.ts';

let made = 0;
const fact = (type: MadeDelta['type'], quantity: number, second: number, over: Partial<MadeDelta> = {}): MadeDelta => ({
  id: `d${made++}`,
  source: 's',
  type,
  sku: 'tea',
  location: 'dc-1',
  quantity,
  occurredAt: new Date(Date.UTC(2025, 0, 1, 0, 0, second)).toISOString(),
  ...over,
});

describe('the recount', () => {
  it('adds what came and takes off what went', () => {
    const levels = recount([fact('receipt', 10, 1), fact('sale', 3, 2), fact('return', 1, 3), fact('damage', 2, 4)]);
    expect(levels.get('tea@dc-1')).toEqual({ onHand: 8, reserved: 0, damaged: 2, qualityControl: 0, incoming: 0 });
  });

  it('lets a transfer leave one place and be expected at the other', () => {
    const levels = recount([fact('transfer_out', 4, 1, { toLocation: 'transit' })]);
    expect(levels.get('tea@dc-1')?.onHand).toBe(-4);
    expect(levels.get('tea@transit')).toEqual({ onHand: 0, reserved: 0, damaged: 0, qualityControl: 0, incoming: 4 });
  });

  it('corrects the bucket that an adjustment names', () => {
    const levels = recount([
      fact('adjustment', -2, 1),
      fact('adjustment', 5, 1, { bucket: 'damaged' }),
      fact('adjustment', 7, 1, { bucket: 'quality_control' }),
    ]);
    expect(levels.get('tea@dc-1')).toEqual({ onHand: -2, reserved: 0, damaged: 5, qualityControl: 7, incoming: 0 });
  });

  it('begins with the newest count: what occurred until then was counted, what came later stays on top', () => {
    const facts = [
      fact('sale', 1, 5),
      fact('count', 50, 4),
      fact('receipt', 9, 4),
      fact('count', 7, 2),
      fact('sale', 2, 3),
    ];
    for (const order of [facts, facts.toReversed()]) expect(recount(order).get('tea@dc-1')?.onHand).toBe(49);
  });

  it('lets a promise be reserved while it lives and leave once it is fulfilled', () => {
    const held = { key: 'tea@dc-1', onHand: 0, reserved: 3 };
    const fulfilled = { key: 'tea@dc-1', onHand: -2, reserved: 0 };
    const levels = recount([fact('receipt', 10, 1)], [held, fulfilled]);
    expect(levels.get('tea@dc-1')).toMatchObject({ onHand: 8, reserved: 3 });
  });

  it('does not depend on the order in which made facts arrive', () => {
    const maker = new DeltaMaker('s', new SeededRandom(7));
    const facts = Array.from({ length: 3000 }, () => maker.next());
    expect(recount(facts)).toEqual(recount(facts.toReversed()));
  });
});
