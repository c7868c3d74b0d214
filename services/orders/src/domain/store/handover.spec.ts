import { describe, expect, it } from '@jest/globals';
import { entryOutputs, taskOutput, toldEvents } from '../../order-outputs.js';
import { changingHandover, doing, NOW_MS, placing, STORE_TERMS, TIMES } from '../../testing/order-cases.js';
import { orderFaults } from '../../testing/order-faults.js';
import { given, type OrderScene } from '../../testing/order-scene.js';
import { dueAtMs, endOfTrackingMs } from '../order-due.js';
import { qrText } from './handover.js';

const UNITS = { A: { 'shop-1': 2, 'shop-2': 2 } };
const COLLECTED = { method: 'pickup', store: 'shop-1' } as const;
const RIGHT = STORE_TERMS.handoverCode('web-1/1', 1);
const steps = (['accept', 'pick', 'pack', 'ready'] as const).map((action) => doing(action));
const ready = (): OrderScene => given(UNITS, placing({ A: 2 }, COLLECTED), ...steps);
const showing = (code?: string, by?: string) => doing('hand_over', { code, ...(by ? { by } : {}) });
const stateOf = ({ order }: OrderScene) => order.tasks[0]!.state;
const codesOf = ({ decided }: OrderScene) =>
  decided.kind === 'unchanged' ? [] : (decided.refusals ?? []).map(({ code }) => code);
const wrongly = (scene: OrderScene, times: number) => {
  for (let i = 0; i < times; i++) scene.when(showing('000000', 'Wang'));
  return scene;
};

describe('what a customer collects', () => {
  it('is handed over for his code, or for the text of his QR code', () => {
    for (const shown of [RIGHT, ` ${RIGHT} `, qrText('web-1/1', RIGHT)]) {
      const scene = ready().when(showing(shown));
      expect([stateOf(scene), scene.order.state, scene.ledger.onHandOf('A', 'shop-1')]).toEqual([
        'HANDED_OVER',
        'COMPLETED',
        0,
      ]);
    }
  });
  it('stays where it is without a code, which is not counted as a try', () => {
    const scene = ready();
    const before = scene.order;
    expect(codesOf(scene.when(showing()))).toEqual(['code_missing']);
    expect(scene.order).toBe(before);
  });
  it('stays where it is for a wrong code, another task’s QR code or another round’s code', () => {
    for (const shown of ['000000', qrText('web-1/2', RIGHT), STORE_TERMS.handoverCode('web-1/1', 2)]) {
      const scene = ready().when(showing(shown));
      expect([codesOf(scene), stateOf(scene), orderFaults(scene)]).toEqual([['wrong_code'], 'READY_FOR_PICKUP', []]);
    }
  });
  it('is opened by no code any more after five wrong ones', () => {
    const scene = wrongly(ready(), 4);
    expect(codesOf(scene)).toEqual(['wrong_code']);
    expect(scene.order.tasks[0]!.handover).toMatchObject({ wrongCodes: 4 });
    wrongly(scene, 1);
    expect(codesOf(scene.when(showing(RIGHT)))).toEqual(['handover_locked']);
    expect(stateOf(scene)).toBe('READY_FOR_PICKUP');
  });
  it('is opened by the right one at the fifth try', () => {
    expect(stateOf(wrongly(ready(), 4).when(showing(RIGHT)))).toBe('HANDED_OVER');
  });
  it('has a new code when its customer asks for one; the old one is wrong then', () => {
    const scene = wrongly(ready(), 5).when(changingHandover('new_code'));
    expect(codesOf(scene.when(showing(RIGHT)))).toEqual(['wrong_code']);
    expect(stateOf(scene.when(showing(STORE_TERMS.handoverCode('web-1/1', 2))))).toBe('HANDED_OVER');
  });
  it('is handed over without one where a manager decides so, and only then leaves the ledger', () => {
    const scene = wrongly(ready(), 5).when(changingHandover('without_code'));
    expect([stateOf(scene), scene.ledger.onHandOf('A', 'shop-1'), orderFaults(scene)]).toEqual(['HANDED_OVER', 0, []]);
  });
  it.each(['new_code', 'without_code'] as const)('knows no %s before it is ready', (change) => {
    const scene = given(UNITS, placing({ A: 2 }, COLLECTED), ...steps.slice(0, 3)).when(changingHandover(change));
    expect(scene.refusals).toMatchObject([{ code: 'out_of_state', allowed: ['ready', 'reject'] }]);
    expect(scene.when(changingHandover(change, 7)).refusals).toMatchObject([{ code: 'unknown_task' }]);
  });
  it('that is carried out needs no code', () => {
    const scene = given(UNITS, placing({ A: 1 }, { method: 'carry_out', store: 'shop-1' }), doing('accept'));
    expect(stateOf(scene.when(showing()))).toBe('HANDED_OVER');
  });
  it('and waited before there were codes has the code of the first round', () => {
    const scene = ready();
    const tasks = scene.order.tasks.map(({ handover: _, ...task }) => task);
    scene.orders.set('web-1', { ...scene.order, tasks });
    expect(dueAtMs(scene.order, TIMES.askAgainAfterMs)).toBeUndefined();
    expect(stateOf(scene.when(showing('1')))).toBe('READY_FOR_PICKUP');
    expect(stateOf(scene.when(showing(RIGHT)))).toBe('HANDED_OVER');
  });
});

describe('what others hear of a handover', () => {
  const toldBy = (scene: OrderScene) => toldEvents(scene.order, scene.events, false);
  it('is who tried, at which store, how many tries are left, and who decided otherwise', () => {
    const scene = wrongly(ready(), 1);
    const at = { taskId: 'web-1/1', location: 'shop-1' };
    expect(toldBy(scene)).toEqual([
      expect.objectContaining({ ...at, type: 'handover_refused', by: 'Wang', triesLeft: 4 }),
    ]);
    wrongly(scene, 4);
    expect(toldBy(scene)).toMatchObject([{ triesLeft: 0 }]);
    scene.when(changingHandover('without_code'));
    const why = { by: 'Chen', reason: 'passport shown' };
    expect(toldBy(scene)).toMatchObject([
      { ...at, ...why, type: 'handover_without_code' },
      { type: 'task_changed' },
      {},
    ]);
  });
  it('is no code: neither in the order, nor on a store’s screen, nor in events and answers', () => {
    const scene = ready();
    const all = [scene.order, toldBy(scene)];
    scene.when(showing('000000'));
    all.push(scene.order, toldBy(scene), scene.decided as never);
    for (const task of scene.order.tasks) all.push(taskOutput(scene.order, task) as never);
    const base = { _id: '', contentHash: '', partition: 0, offset: 0, outcome: '', orderId: 'web-1', commands: [] };
    all.push(entryOutputs({ ...base, told: toldBy(scene) }) as never);
    expect(JSON.stringify(all)).not.toContain('code-web-1');
  });
  it('is on the store’s screen that it is locked, and until when it is kept', () => {
    const shown = () => taskOutput(scene.order, scene.order.tasks[0]!).value;
    const scene = ready();
    expect(shown()).toMatchObject({ collectBy: new Date(NOW_MS + STORE_TERMS.pickupKeepMs).toISOString() });
    expect(shown()).not.toHaveProperty('handoverLocked');
    wrongly(scene, 5);
    expect(shown()).toMatchObject({ handoverLocked: true });
  });
});

describe('what nobody collects', () => {
  const due = ({ order }: OrderScene) => dueAtMs(order, TIMES.askAgainAfterMs);
  const { pickupRemindAfterMs: remindMs, pickupKeepMs: keepMs } = STORE_TERMS;
  it('is reminded of once, at that moment and not before', () => {
    const scene = ready();
    expect(due(scene)).toBe(NOW_MS + remindMs);
    expect(scene.after(remindMs - 1).order.tasks[0]!.handover).toHaveProperty('remindAtMs');
    expect(scene.after(1).eventTypes).toEqual(['pickup_reminded']);
    expect(due(scene)).toBe(NOW_MS + keepMs);
  });
  it('goes back to stock at its time, is cancelled, and is not sent from elsewhere', () => {
    const scene = ready().after(keepMs - 1);
    expect([stateOf(scene), scene.ledger.reservedOf('A', 'shop-1')]).toEqual(['READY_FOR_PICKUP', 2]);
    scene.after(1);
    expect(scene.order).toMatchObject({ state: 'CANCELLED', reason: 'not_collected', tasks: [{ state: 'TIMED_OUT' }] });
    expect([scene.ledger.live(), scene.ledger.onHandOf('A', 'shop-1'), orderFaults(scene)]).toEqual([[], 2, []]);
    expect(due(scene)).toBe(endOfTrackingMs(scene.order));
  });
  it('is not handed over any more once it went back', () => {
    expect(codesOf(ready().after(keepMs).when(showing(RIGHT)))).toEqual(['out_of_state']);
  });
});
