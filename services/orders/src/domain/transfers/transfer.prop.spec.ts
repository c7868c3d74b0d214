import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TransferScene } from '../../testing/transfer-scene.js';
import { heldUnits, inTransitUnits } from './transfer.js';

const SKUS = ['A', 'B'];
const units = fc.integer({ min: 0, max: 9 });
const step = fc.oneof(
  fc.record({ do: fc.constantFrom('approve', 'cancel', 'close', 'turn_back', 'ship') }),
  fc.record({ do: fc.constant('ship'), sku: fc.constantFrom(...SKUS), units }),
  fc.record({ do: fc.constant('receive'), sku: fc.constantFrom(...SKUS), units, damaged: units }),
  fc.record({ do: fc.constant('delta'), times: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constant('answer') }),
  fc.record({ do: fc.constant('time') }),
  fc.record({ do: fc.constant('end'), sku: fc.constantFrom(...SKUS) }),
);
type Step = { do: string; sku?: string; units?: number; damaged?: number; times?: number };

function take(scene: TransferScene, { do: what, sku, units: quantity, damaged = 0, times }: Step): void {
  const lines =
    sku === undefined ? {} : { lines: [{ lineId: `l-${sku}`, quantity, damaged: Math.min(damaged, quantity ?? 0) }] };
  if (what === 'delta') scene.deliverDelta(times);
  else if (what === 'answer') scene.deliverAnswer();
  else if (what === 'time') scene.passTime(6000);
  else if (what === 'end') {
    const hold = scene.transfer?.lines.find((line) => line.sku === sku)?.hold;
    if (hold) scene.ledger.end(hold.reservationId);
  } else scene.say(what, lines);
}

describe('under any interleaving and repetition', () => {
  it('every piece is somewhere, the source promises no piece twice, and each unit of a line is counted once', () => {
    fc.assert(
      fc.property(
        fc.record({ A: fc.integer({ min: 1, max: 9 }), B: fc.integer({ min: 1, max: 9 }) }),
        fc.record({ A: units, B: units }),
        fc.array(step, { maxLength: 40 }),
        (wanted, stock, steps) => {
          const scene = new TransferScene(stock);
          scene.request(wanted);
          scene.say('approve');
          for (const one of steps) {
            take(scene, one as Step);
            for (const line of scene.transfer!.lines) {
              const stands = line.hold?.units ?? 0;
              expect(stands + line.unavailableUnits + line.shippedUnits).toBe(line.requestedUnits);
              expect(inTransitUnits(line)).toBeGreaterThanOrEqual(0);
            }
          }
          scene.settle();
          for (const sku of SKUS) {
            const line = scene.transfer!.lines.find((one) => one.sku === sku)!;
            expect(scene.pieces(sku)).toBe(stock[sku as 'A']);
            expect(scene.ledger.shelf(sku, 'shop').incoming).toBe(inTransitUnits(line));
            expect(scene.ledger.shelf(sku, 'shop').damaged).toBe(line.damagedUnits);
            expect(scene.ledger.shelf(sku, 'dc').reserved).toBeLessThanOrEqual(heldUnits(line));
          }
        },
      ),
      { seed: 20260301, numRuns: 400 },
    );
  });
  it('a transfer that is worked off to its end leaves nothing reserved and nothing expected', () => {
    fc.assert(
      fc.property(fc.record({ A: units, B: units }), fc.array(step, { maxLength: 40 }), (stock, steps) => {
        const scene = new TransferScene(stock);
        scene.request({ A: 5, B: 5 });
        for (const one of steps) take(scene, one as Step);
        scene.settle();
        scene.say('cancel');
        scene.settle();
        scene.say('close', { reason: 'gone' });
        scene.settle();
        expect(['CLOSED', 'CANCELLED']).toContain(scene.transfer!.state);
        for (const sku of SKUS) {
          expect(scene.ledger.shelf(sku, 'dc').reserved).toBe(0);
          expect(scene.ledger.shelf(sku, 'shop').incoming).toBe(0);
          expect(scene.pieces(sku)).toBe(stock[sku as 'A']);
        }
      }),
      { seed: 20260302, numRuns: 400 },
    );
  });
});
