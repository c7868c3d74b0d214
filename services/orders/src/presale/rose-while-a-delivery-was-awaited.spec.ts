import { beforeEach, describe, expect, it } from '@jest/globals';
import { OrderEvent } from '@shelfline/contracts/order-view';
import { TrackedOrder } from '@shelfline/contracts/tracking';
import { placing } from '../testing/order-cases.js';
import { Intake } from '../testing/order-intake.js';
import { stepsOf } from '../timeline/order-timeline.js';

const SHOP = { nameOf: (code: string) => code };

describe('an order that awaits a delivery, as its partition hears of it', () => {
  let intake: Intake;
  const told = () => intake.sent('orders.events').map((value) => OrderEvent.parse(value));
  const order = () => [...intake.orders.orders.values()][0]!;
  beforeEach(async () => {
    intake = new Intake({});
    intake.scene.expect('A', 'dc', 5);
    await intake.batch(placing({ A: 3 }, { wish: 'backorder' }));
    await intake.ledgerAnswers();
    await intake.batch('tick');
  });

  it('is moved when what it awaits rises elsewhere, and says why it goes there', async () => {
    intake.scene.ledger.receive('A', 'shop-1', 3);
    intake.risen.rose('B');
    await intake.batch('tick');
    expect(intake.entries).toEqual([]);
    intake.risen.rose('A');
    await intake.batch('tick');
    expect(intake.entries).toMatchObject([{ outcome: 'due', commands: [{ type: 'reserve', locations: ['shop-1'] }] }]);
    await intake.ledgerAnswers();
    expect(told().map(({ type, location, units }) => [type, location, units])).toEqual([
      ['line_reserved', 'shop-1', 3],
      ['backorder_replaced', 'shop-1', 3],
      ['task_assigned', 'shop-1', undefined],
    ]);
    expect(intake.entries[0]!.commands).toMatchObject([{ type: 'release' }]);
    expect(TrackedOrder.parse(intake.sent('orders.tracking')[0]).parcels).toHaveLength(1);
  });

  it('leaves no entry where it looks by time and finds nothing, and looks later next time', async () => {
    const before = order();
    intake.nowMs += 600_000;
    await intake.batch('tick');
    expect([intake.entries, intake.sent('orders.tracking')]).toEqual([[], []]);
    expect(order()).toMatchObject({ changedAtMs: before.changedAtMs, elsewhere: { tries: 0 } });
  });

  it('is told another day of it, with the one before, on its timeline and to its customer', async () => {
    intake.scene.redate('A', 'dc', '2026-07-01T08:00:00.000Z');
    const [moved] = intake.scene.answers.splice(0);
    await intake.batch(moved!, moved!);
    const [formerlyExpectedAt, expectedAt] = ['2026-06-13T08:00:00.000Z', '2026-07-03T08:00:00.000Z'];
    expect(told()).toMatchObject([
      { type: 'backorder_redated', location: 'dc', units: 3, formerlyExpectedAt, expectedAt },
    ]);
    expect(TrackedOrder.parse(intake.sent('orders.tracking')[0]).lines).toMatchObject([
      { awaitedUnits: 3, expectedAt },
    ]);
    const words = (['en', 'zh'] as const).map(
      (language) => stepsOf(intake.entries[0] as never, order(), { language, ...SHOP })[0]!,
    );
    expect(words).toMatchObject([
      {
        words: '3 pieces of line line-A are expected to leave dc on 2026-07-03; before, it was 2026-06-13.',
        formerlyExpectedAt,
        expectedAt,
        source: 'ledger',
      },
      { words: '行 line-A 的 3 件现预计 2026-07-03 从 dc 发出，原为 2026-06-13。' },
    ]);
  });

  it('is told that nobody can tell the day any more', async () => {
    intake.scene.redate('A', 'dc');
    await intake.batch(...intake.scene.answers.splice(0));
    const steps = (['en', 'zh'] as const).map((language) =>
      stepsOf(intake.entries[0] as never, order(), { language, ...SHOP }).map(({ words }) => words),
    );
    expect(steps).toEqual([
      ['When 3 pieces of line line-A come to dc is not known any more; they were expected to leave on 2026-06-13.'],
      ['行 line-A 的 3 件到达 dc 的日期现已无法确定，原预计 2026-06-13 发出。'],
    ]);
  });
});
