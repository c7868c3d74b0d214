import { describe, expect, it } from '@jest/globals';
import { Absences } from './absences.js';

const of = (lastAppliedMs?: number) => new Absences(() => Promise.resolve(lastAppliedMs));

describe('when nobody read a partition', () => {
  it('is from what was applied last to the first tick of whoever came', async () => {
    const absences = of(1000);
    await absences.see(3, []);
    await absences.see(3, [601_000, 601_500]);
    expect(absences.of(3)).toEqual([{ fromMs: 1000, untilMs: 601_000 }]);
  });
  it('is any gap between ticks that is no pause', async () => {
    const absences = of(1000);
    await absences.see(3, [1500, 31_500, 61_501]);
    expect(absences.of(3)).toEqual([{ fromMs: 31_500, untilMs: 61_501 }]);
  });
  it('is looked up anew once a partition came back', async () => {
    const absences = of(1000);
    await absences.see(3, [1500]);
    absences.released(3);
    await absences.see(3, [100_000]);
    expect(absences.of(3)).toEqual([{ fromMs: 1000, untilMs: 100_000 }]);
  });
  it('is not known of a partition that was never read', async () => {
    const absences = of();
    await absences.see(3, [100_000]);
    expect([absences.of(3), absences.of(4)]).toEqual([[], []]);
  });
});
