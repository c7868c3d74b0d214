import { describe, expect, it } from '@jest/globals';
import type { ParcelChange } from '@shelfline/contracts/parcel';
import { taskOutput, toldEvents } from '../../order-outputs.js';
import { cancelling, doing, placing, STORE_TERMS } from '../../testing/order-cases.js';
import { orderFaults } from '../../testing/order-faults.js';
import { TRACKING } from '../../testing/order-intake.js';
import { OrderScene } from '../../testing/order-scene.js';
import { parcelRequests } from './parcel-requests.js';

const UNITS = { A: { 'shop-1': 2, 'shop-2': 2 } };
const AT = '2026-06-01T12:00:00.000Z';
const told = (change: ParcelChange['change'], more: Partial<ParcelChange> = {}): ParcelChange => ({
  type: 'parcel',
  id: `web-1/1/${change}`,
  source: 'couriers',
  orderId: 'web-1',
  taskId: 'web-1/1',
  courier: 'simulator',
  change,
  at: AT,
  ...more,
});
const labelled = told('labelled', { tracking: 'SIM1', label: '/labels/1' });
const packed = (method: 'courier' | 'same_city' = 'courier', asksCourier = true) => {
  const scene = new OrderScene(UNITS);
  scene.terms = { ...STORE_TERMS, asksCourier };
  return scene.when(placing({ A: 1 }, { method }), doing('accept'), doing('pick')).hear(doing('pack'));
};
const requests = ({ order, events }: OrderScene) => parcelRequests(order, events);

describe('what a courier is asked', () => {
  it('is a label once it is packed, and its undo once the task is taken back', () => {
    expect(requests(packed())).toMatchObject([
      {
        type: 'wanted',
        id: 'wanted/web-1/1',
        store: 'shop-1',
        destination: { city: 'Shanghai' },
        lines: [{ sku: 'A' }],
      },
    ]);
    const undone = { type: 'unwanted', id: 'unwanted/web-1/1', parcelId: 'web-1/1' };
    expect(requests(packed().hear(cancelling()))).toMatchObject([undone]);
    expect(requests(packed().hear(doing('reject')))).toMatchObject([undone]);
  });
  it('is to forget the address once the customer is taken out of the order', () => {
    const erase = {
      type: 'erase_customer',
      id: 'e1',
      source: 's',
      orderId: 'web-1',
      by: 'dpo',
      reason: 'R-7',
    } as const;
    expect(requests(packed().when(cancelling()).hear(erase))).toMatchObject([
      { type: 'erase', id: 'erase/web-1/1', orderId: 'web-1', parcelId: 'web-1/1' },
    ]);
    expect(requests(packed('same_city').when(cancelling()).hear(erase))).toEqual([]);
  });
  it('is nothing where no courier is set up, and of what is brought otherwise', () => {
    expect([...requests(packed('courier', false)), ...requests(packed('same_city'))]).toEqual([]);
    expect(requests(packed('same_city').hear(cancelling()))).toEqual([]);
  });
});

describe('what a courier tells', () => {
  it('gives the task its number and its label, and the customer the number', () => {
    const scene = packed().when(labelled);
    const parcel = { courier: 'simulator', state: 'labelled', tracking: 'SIM1', label: '/labels/1' };
    expect(taskOutput(scene.order, scene.order.tasks[0]!).value).toMatchObject({ parcel });
    expect(TRACKING.newestOf(scene.order)[0]!.value).toMatchObject({
      parcels: [{ tracking: 'SIM1', courier: 'simulator' }],
    });
    expect(scene.when(doing('ship')).order.tasks[0]).toMatchObject({ state: 'SHIPPED', tracking: 'SIM1' });
  });
  it('brings the order to its end without the store', () => {
    const scene = packed().when(labelled, told('collected'));
    expect([scene.order.tasks[0]!.state, scene.ledger.onHandOf('A', 'shop-1')]).toEqual(['SHIPPED', 1]);
    scene.when(told('out_for_delivery'), told('delivered', { at: '2026-06-01T13:00:00Z' }));
    expect([scene.order.state, scene.order.tasks[0]!.state]).toEqual(['COMPLETED', 'DELIVERED']);
    expect(TRACKING.newestOf(scene.order)[0]!.value).toMatchObject({
      parcels: [{ delivery: [{ step: 'collected' }, { step: 'out_for_delivery' }, { step: 'delivered' }] }],
    });
    expect([scene.ledger.onHandOf('A', 'shop-1'), orderFaults(scene)]).toEqual([1, []]);
  });
  it('ends it too where the parcel came back, of which the goods are still out', () => {
    const scene = packed().when(
      labelled,
      doing('ship'),
      told('failed'),
      told('returned', { at: '2026-06-01T13:00:00Z' }),
    );
    expect([scene.order.tasks[0]!.state, scene.order.state]).toEqual(['RETURNED', 'COMPLETED']);
    expect([scene.ledger.onHandOf('A', 'shop-1'), orderFaults(scene)]).toEqual([1, []]);
  });
  it('completes an order once, whatever is told of it afterwards', () => {
    const scene = packed()
      .when(labelled)
      .hear(told('delivered', { at: '2026-06-01T13:00:00Z' }));
    expect(toldEvents(scene.order, scene.events, false).map(({ type }) => type)).toContain('completed');
    scene.deliverAll().hear(told('collected'));
    expect(toldEvents(scene.order, scene.events, false).map(({ type }) => type)).toEqual(['parcel_changed']);
  });
  it('late, or out of order, brings nothing back', () => {
    const scene = packed().when(labelled, told('delivered', { at: '2026-06-01T13:00:00Z' }), told('collected'));
    expect(scene.order.tasks[0]).toMatchObject({ state: 'DELIVERED', parcel: { state: 'delivered' } });
    const cancelled = packed().when(cancelling(), labelled);
    expect([cancelled.order.state, orderFaults(cancelled)]).toEqual(['CANCELLED', []]);
  });
  it('is shown at the store where there is no label, and why', () => {
    const scene = packed().when(told('label_failed', { reason: 'no such town' }));
    expect(taskOutput(scene.order, scene.order.tasks[0]!).value).toMatchObject({
      state: 'PACKED',
      parcel: { state: 'label_failed', reason: 'no such town' },
    });
  });
  it('of a task that is not there is refused', () => {
    expect(packed().when(told('labelled', { taskId: 'web-1/9' })).refusals).toMatchObject([{ code: 'unknown_task' }]);
  });
});
