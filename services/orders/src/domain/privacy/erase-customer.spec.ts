import { describe, expect, it } from '@jest/globals';
import { toldEvents } from '../../order-outputs.js';
import { placed, worldAt } from '../../testing/placing.js';
import { decideMessage } from '../decide-message.js';
import type { OrderContext } from '../decision.js';
import { fallDue } from '../fall-due.js';
import type { Order, Task } from '../order.js';
import { dueAtMs } from '../order-due.js';
import type { OrderReturn } from '../returns/order-return.js';

const DAY_MS = 86_400_000;
const KEEP_MS = 180 * DAY_MS;
const DESTINATION = {
  city: 'Lyon',
  region: 'south',
  address: '1 rue X',
  recipient: 'Ann',
  phone: '+33 1',
  note: 'bell 3',
};
const world = (atMs: number) => worldAt(atMs, {}, { keepCustomerMs: KEEP_MS });
const ERASE = { type: 'erase_customer', id: 'e1', source: 's', orderId: 'A1', by: 'dpo', reason: 'R-7' } as const;

function applied(decided: ReturnType<typeof decideMessage>): Order {
  if (decided.kind !== 'applied') throw new Error(JSON.stringify(decided));
  return decided.order;
}
const open = () => placed(world(1), { destination: DESTINATION, memberId: 'm1' });
const over = () => applied(decideMessage({ type: 'cancel', id: 'c', source: 's', orderId: 'A1' }, open(), world(2)));
const erase = (order: Order | undefined, context: OrderContext = world(10)) => decideMessage(ERASE, order, context);

describe('the customer of an order', () => {
  it('is taken out of what is over, so that only what was sold and where to about stays', () => {
    const decided = erase(over());
    const order = applied(decided);
    expect(order.placed.destination).toEqual({ city: 'Lyon', region: 'south' });
    expect(order.placed).not.toHaveProperty('memberId');
    for (const personal of ['1 rue X', 'Ann', '+33', 'bell', 'm1'])
      expect(JSON.stringify(order)).not.toContain(personal);
    expect([order.state, order.lines.length, order.changedAtMs]).toEqual(['CANCELLED', 1, 2]);
  });

  it('left his signature behind', () => {
    const order = over();
    const proof = { kind: 'signature', reference: 'https://pictures/ann' } as const;
    const task = { number: 9, location: 'shop-1', state: 'DELIVERED', proof } as unknown as Order['tasks'][number];
    const { tasks } = applied(erase({ ...order, tasks: [...order.tasks, task] }));
    expect(tasks.at(-1)).toEqual({ number: 9, location: 'shop-1', state: 'DELIVERED' });
  });

  it('stayed in what a courier wrote of his parcel, before and after he was taken out', () => {
    const parcel = { courier: 'swift', state: 'failed', reason: 'Ann’s dog', steps: [] } as const;
    const task = { number: 9, location: 'shop-1', state: 'CANCELLED', lines: [], parcel } as unknown as Task;
    const erased = applied(erase({ ...over(), tasks: [task] }));
    expect(erased.tasks[0]!.parcel).toEqual({ courier: 'swift', state: 'failed', steps: [] });
    const told = { courier: 'swift', change: 'returned', at: '2026-06-01T12:00:00Z', reason: 'Ann moved' } as const;
    const late = decideMessage(
      { ...told, type: 'parcel', id: 'p', source: 'couriers', orderId: 'A1', taskId: 'A1/9' },
      erased,
      world(11),
    );
    expect(applied(late).tasks[0]!.parcel).toMatchObject({ state: 'returned' });
    expect(JSON.stringify(late)).not.toContain('Ann');
  });

  it('is told to have been taken out, with who and why, and completes nothing once more', () => {
    const decided = erase(over());
    const events = decided.kind === 'applied' ? decided.events : [];
    expect(toldEvents(applied(decided), events, false)).toMatchObject([
      { type: 'customer_erased', by: 'dpo', reason: 'R-7' },
    ]);
    const done = { ...applied(decided), state: 'COMPLETED' as const };
    expect(toldEvents(done, events, false)).toHaveLength(1);
  });

  it('stays while somebody has to know to whom it goes, or from whom something comes back', () => {
    expect(erase(open())).toMatchObject({ kind: 'refused', refusals: [{ code: 'out_of_state', allowed: ['cancel'] }] });
    const returning = { ...over(), returns: [{ state: 'REQUESTED' } as OrderReturn] };
    expect(erase(returning)).toMatchObject({ kind: 'refused', refusals: [{ code: 'out_of_state', allowed: [] }] });
    expect(erase(undefined)).toMatchObject({ kind: 'refused', refusals: [{ code: 'unknown_order' }] });
  });

  it('is taken out once', () => {
    expect(erase(applied(erase(over())))).toEqual({ kind: 'unchanged' });
  });

  it('goes by itself after the days that he is kept, and his number with the house stays', () => {
    const untracked = applied(fallDue(over(), world(2 + 7 * DAY_MS)));
    const dueMs = 2 + 7 * DAY_MS + KEEP_MS;
    expect(dueAtMs(untracked, 5000)).toBe(dueMs);
    const order = applied(fallDue(untracked, world(dueMs)));
    expect(order.placed).toMatchObject({ memberId: 'm1', destination: { city: 'Lyon', region: 'south' } });
    expect(order.placed.destination).not.toHaveProperty('address');
    expect(dueAtMs(order, 5000)).toBeUndefined();
    // Asked for afterwards, his number goes too.
    expect(applied(erase(order, world(dueMs + 1))).placed).not.toHaveProperty('memberId');
  });

  it('stays by a day more while something comes back', () => {
    const untracked = {
      ...applied(fallDue(over(), world(2 + 7 * DAY_MS))),
      returns: [{ state: 'RECEIVED' } as OrderReturn],
    };
    const dueMs = dueAtMs(untracked, 5000)!;
    const order = applied(fallDue(untracked, world(dueMs)));
    expect([order.placed.destination?.address, dueAtMs(order, 5000)]).toEqual(['1 rue X', dueMs + DAY_MS]);
  });

  it('was told twice to have been taken out, once by who asked and once by time', () => {
    const erased = applied(erase(over()));
    const untracked = applied(fallDue(erased, world(2 + 7 * DAY_MS)));
    expect([untracked.isUntracked, dueAtMs(untracked, 5000)]).toEqual([true, undefined]);
    // As former versions stored it.
    const stored = { ...untracked, eraseAtMs: 5 };
    const decided = fallDue(stored, world(9 + 7 * DAY_MS));
    expect(toldEvents(applied(decided), decided.kind === 'applied' ? decided.events : [], false)).toEqual([]);
    expect(dueAtMs(applied(decided), 5000)).toBeUndefined();
  });

  it('was told with the time of the last change, which is long before he was taken out', () => {
    const decided = erase(over(), world(10 * DAY_MS));
    const events = decided.kind === 'applied' ? decided.events : [];
    expect(toldEvents(applied(decided), events, false, 10 * DAY_MS)).toMatchObject([
      { at: new Date(10 * DAY_MS).toISOString() },
    ]);
  });

  it('was kept in the entry of an exchange that was made within the hour before', () => {
    const history = [{ type: 'inspected', atMs: 5, by: 'ann' }] as OrderReturn['history'];
    const returned = { ...over(), returns: [{ state: 'CLOSED', exchangeOrderId: 'A1.x1', history } as OrderReturn] };
    const erased = applied(erase(returned));
    const dueMs = dueAtMs(erased, 5000)!;
    expect([erased.customerErasedAtMs, dueMs]).toEqual([10, 10 + 3_600_000]);
    const decided = fallDue(erased, world(dueMs));
    expect(applied(decided)).toMatchObject({ customerErasedAtMs: 10, erasedThroughMs: dueMs, changedAtMs: 2 });
    expect(toldEvents(applied(decided), decided.kind === 'applied' ? decided.events : [], false)).toEqual([]);
  });

  it('is kept in what a courier was asked for within the hour before, until that hour is over', () => {
    const [steps, isParcelWanted] = [[{ state: 'PACKED', atMs: 5 }], true];
    const task = { number: 1, location: 'shop-1', state: 'CANCELLED', lines: [], steps, isParcelWanted };
    const packed = { ...over(), tasks: [task] as unknown as Order['tasks'] };
    expect(dueAtMs(applied(erase(packed)), 5000)).toBe(10 + 3_600_000);
    expect(dueAtMs(applied(erase(packed, world(DAY_MS))), 5000)).not.toBe(DAY_MS + 3_600_000);
  });

  it('is kept where nobody says for how long', () => {
    expect(dueAtMs(applied(fallDue(over(), worldAt(2 + 7 * DAY_MS))), 5000)).toBeUndefined();
  });
});
