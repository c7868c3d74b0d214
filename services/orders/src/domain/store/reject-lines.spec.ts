import { describe, expect, it } from '@jest/globals';
import { toldEvents } from '../../order-outputs.js';
import { doing, placing } from '../../testing/order-cases.js';
import { orderFaults } from '../../testing/order-faults.js';
import { given, type OrderScene } from '../../testing/order-scene.js';
import { ledgerCommands } from '../ledger-commands.js';

const UNITS = { A: { 'shop-1': 3, 'shop-2': 3 }, B: { 'shop-1': 2, 'shop-2': 2 } };
const rejecting = (...lines: { lineId: string; quantity?: number }[]) =>
  doing('reject', { lines, reason: 'damaged', by: 'Mei' });
const placed = (): OrderScene => given(UNITS, placing({ A: 3, B: 1 }), doing('accept'));

describe('a store that rejects single lines', () => {
  it('keeps the rest, whose reservation is never given back, and only what it rejected goes elsewhere', () => {
    const scene = placed().hear(rejecting({ lineId: 'line-A', quantity: 2 }));
    expect(ledgerCommands(scene.order, scene.events)).toMatchObject([
      { type: 'reduce', id: 'reduce/order/web-1/line-A/1/1', keep: 1 },
      { type: 'reserve', sku: 'A', quantity: 2, locations: ['shop-2'] },
    ]);
    scene.deliverAll();
    expect(scene.order.tasks).toMatchObject([
      {
        location: 'shop-1',
        state: 'ACCEPTED',
        lines: [
          { lineId: 'line-A', quantity: 1 },
          { lineId: 'line-B', quantity: 1 },
        ],
      },
      { location: 'shop-2', state: 'ASSIGNED', lines: [{ lineId: 'line-A', quantity: 2 }] },
    ]);
    expect(scene.order.refusedBy).toEqual([]);
    expect([scene.ledger.reservedOf('A', 'shop-1'), scene.ledger.reservedOf('A', 'shop-2')]).toEqual([1, 2]);
    expect(orderFaults(scene)).toEqual([]);
  });
  it('ships what it kept, and no more than that leaves the ledger', () => {
    const scene = placed().when(rejecting({ lineId: 'line-A', quantity: 2 }));
    scene.when(doing('pick'), doing('pack'), doing('ship'));
    expect([scene.ledger.onHandOf('A', 'shop-1'), scene.ledger.onHandOf('B', 'shop-1')]).toEqual([2, 1]);
    expect(orderFaults(scene)).toEqual([]);
  });
  it('gives a whole line back with its reservation', () => {
    const scene = placed().when(rejecting({ lineId: 'line-B' }));
    expect(scene.order.tasks).toMatchObject([
      { location: 'shop-1', lines: [{ lineId: 'line-A', quantity: 3 }] },
      { location: 'shop-2', lines: [{ lineId: 'line-B', quantity: 1 }] },
    ]);
    expect([scene.ledger.reservedOf('B', 'shop-1'), orderFaults(scene)]).toEqual([0, []]);
  });
  it('is not asked for these again, and may be for others', () => {
    const scene = given({ A: { 'shop-1': 3 }, B: { 'shop-1': 2, 'shop-2': 1 } }, placing({ A: 1, B: 1 }));
    scene.when(rejecting({ lineId: 'line-A' }));
    expect([scene.order.state, scene.order.lacking]).toEqual(['ROUTED', [{ location: 'shop-1', sku: 'A' }]]);
    expect(scene.after(600_000).order.holds.filter(({ sku }) => sku === 'A')).toEqual([]);
    expect(orderFaults(scene)).toEqual([]);
  });
  it('rejects the task where nothing is left of it', () => {
    const scene = placed().when(rejecting({ lineId: 'line-A', quantity: 3 }, { lineId: 'line-B' }));
    expect(scene.order.tasks).toMatchObject([
      { location: 'shop-1', state: 'REJECTED', reason: 'damaged', by: 'Mei' },
      { location: 'shop-2', state: 'ASSIGNED' },
    ]);
    expect([scene.order.refusedBy, orderFaults(scene)]).toEqual([['shop-1'], []]);
  });
  it('is told to others line by line, and to screens by a new version', () => {
    const scene = placed();
    const { version } = scene.order.tasks[0]!;
    scene.hear(rejecting({ lineId: 'line-B' }));
    expect(toldEvents(scene.order, scene.events, false)).toMatchObject([
      {
        type: 'task_lines_rejected',
        taskId: 'web-1/1',
        location: 'shop-1',
        lineId: 'line-B',
        units: 1,
        reason: 'damaged',
        by: 'Mei',
      },
    ]);
    expect(scene.order.tasks[0]!.version).toBeGreaterThan(version);
  });
  it.each([
    ['a line that is not there', 'unknown_line', rejecting({ lineId: 'line-C' })],
    ['more than it has', 'too_many_units', rejecting({ lineId: 'line-A', quantity: 4 })],
    ['another action', 'lines_not_taken', doing('pick', { lines: [{ lineId: 'line-A' }] })],
  ])('changes nothing with %s', (_name, code, message) => {
    const scene = placed();
    const before = scene.order;
    expect(scene.hear(message).refusals).toMatchObject([{ code, field: 'lines' }]);
    expect(scene.order).toBe(before);
  });
});

describe('a till that sells what one line of a task needs', () => {
  it('moves that line on, and not the whole task', () => {
    const scene = given({ A: { 'shop-1': 1, 'shop-2': 1 }, B: { 'shop-1': 1 } }, placing({ A: 1, B: 1 }));
    scene.sell('A', 'shop-1', 1).deliverAll();
    expect(scene.order.tasks).toMatchObject([
      { location: 'shop-1', state: 'ASSIGNED', lines: [{ lineId: 'line-B' }] },
      { location: 'shop-2', state: 'ASSIGNED', lines: [{ lineId: 'line-A' }] },
    ]);
    expect(orderFaults(scene)).toEqual([]);
  });
});
