import { describe, expect, it } from '@jest/globals';
import { OrderEvent } from '@shelfline/contracts/order-view';
import type { OrderEntry } from '../order-entry.js';
import { cancelling, doing, placing } from '../testing/order-cases.js';
import { Intake } from '../testing/order-intake.js';
import { stepsOf } from './order-timeline.js';
import { type Language, STEP_WORDS } from './timeline-words.js';

const nameOf = (code: string) => `<${code}>`;

/** An order that one store rejects and the next one takes. */
async function story() {
  const intake = new Intake({ A: { 'shop-1': 5, 'shop-2': 5 } });
  const entries: OrderEntry[] = [];
  const keep = () => void entries.push(...intake.entries);
  await intake.batch(placing({ A: 2 }));
  keep();
  await intake.ledgerAnswers();
  keep();
  await intake.batch({ ...doing('reject'), by: 'Li', reason: 'broken' });
  keep();
  await intake.ledgerAnswers();
  keep();
  await intake.batch(doing('pack', { number: 2, store: 'shop-2' }));
  keep();
  await intake.batch(cancelling(undefined, 'changed his mind'));
  keep();
  const order = [...intake.orders.orders.values()][0]!;
  return (language: Language) => entries.flatMap((entry) => stepsOf(entry, order, { language, nameOf }));
}

describe('the timeline of an order', () => {
  it('tells in words who did what where, and what was refused', async () => {
    const steps = (await story())('en');
    expect(steps.map(({ type, words, by }) => [type, words, ...(by ? [by] : [])])).toMatchInlineSnapshot(`
[
  [
    "placed",
    "The order was taken.",
  ],
  [
    "line_reserved",
    "2 pieces of line line-A are reserved at <shop-1>.",
  ],
  [
    "task_assigned",
    "<shop-1> is to do it.",
  ],
  [
    "task_moved_on",
    "<shop-1> rejected it; another place is looked for. (broken; by Li)",
    "Li",
  ],
  [
    "line_reserved",
    "2 pieces of line line-A are reserved at <shop-2>.",
  ],
  [
    "task_assigned",
    "<shop-2> is to do it.",
  ],
  [
    "refused",
    "Something was asked and refused; nothing changed.",
  ],
  [
    "task_changed",
    "<shop-2> need not do it any more. (the order was cancelled)",
  ],
  [
    "cancelled",
    "2 pieces of line line-A were cancelled. (changed his mind)",
  ],
  [
    "amount_changed",
    "The channel is to pay CN¥2.00 back.",
  ],
]
`);
  });

  it('keeps the time of the source beside the time it was decided', async () => {
    const [placed] = (await story())('en');
    expect(placed).toMatchObject({ type: 'placed', sourceAt: '2026-06-01T12:00:00Z', source: 'shop' });
    expect(placed!.at).toBe('2026-06-01T12:00:00.000Z');
  });

  it('is told in Chinese too', async () => {
    const steps = (await story())('zh');
    expect(steps.filter(({ words }) => !/[\u4e00-\u9fff]/.test(words))).toEqual([]);
    expect(steps.find(({ type }) => type === 'task_moved_on')!.words).toBe(
      '<shop-1> 拒单，将另寻其他地点。（broken；操作人 Li）',
    );
  });

  it('said that 1 piece are reserved, and 1 tries are left', () => {
    const event = { units: 1, triesLeft: 1, lineId: '1' } as OrderEvent;
    const said = (type: OrderEvent['type']) => STEP_WORDS[type].en({ place: 'P', event });
    expect(said('line_reserved')).toBe('1 piece of line 1 is reserved at P.');
    expect(said('handover_refused')).toContain('1 try is left');
    for (const type of OrderEvent.shape.type.options) expect(said(type)).not.toMatch(/1 piece.* (are|were|do|have) /);
  });

  it('told of money by some and more, and of no sum', () => {
    const said = (amountMinor: number) =>
      STEP_WORDS.amount_changed.en({ place: '', event: { amountMinor, currency: 'EUR' } as OrderEvent });
    expect([said(-1980), said(500)]).toEqual([
      'The channel is to pay €19.80 back.',
      'The channel is to charge €5.00 more.',
    ]);
  });

  it('has words for each step that others hear of', () => {
    const event = { taskState: 'ACCEPTED', units: 1, lineId: '1' } as OrderEvent;
    for (const type of OrderEvent.shape.type.options)
      for (const language of ['en', 'zh'] as const)
        expect(STEP_WORDS[type][language]({ place: 'P', event })).toMatch(/^\P{Cn}{4,}$/u);
  });

  it('of entries from before their time was kept leaves out only what has no time', async () => {
    const intake = new Intake({ A: { 'shop-1': 5 } });
    await intake.batch(placing(), doing('pack', { number: 9 }));
    const order = [...intake.orders.orders.values()][0]!;
    const [old, refusal] = intake.entries.map(({ atMs: _, version: _version, ...entry }) => entry);
    const telling = { language: 'en' as const, nameOf };
    expect(stepsOf(old as OrderEntry, order, telling)).toMatchObject([{ type: 'placed' }]);
    expect(refusal).toMatchObject({ outcome: 'refused' });
    expect(stepsOf(refusal as OrderEntry, order, telling)).toEqual([]);
  });
});
