import { describe, expect, it } from '@jest/globals';
import { oneRound } from './demo-staff.js';
import { staffSteps } from './staff-decision.js';

const AT_MS = Date.parse('2026-03-01T10:00:00Z');
const HOUR_MS = 3_600_000;
const taskOf = (taskId: string, state: string, store = 'store-1') => ({
  taskId,
  store,
  state,
  lines: [],
  changedAt: new Date(AT_MS).toISOString(),
});
const order = (method: string, ...tasks: object[]) => ({ orderId: 'o1', method, tasks }) as never;
const nobody = () => false;
const actions = (method: string, state: string, nowMs = AT_MS + HOUR_MS) =>
  staffSteps(order(method, taskOf('o1/1', state)), nobody, nowMs).map(({ action }) => action);

describe('the demo staff', () => {
  it('does each step of a parcel and of what is collected, and nothing after the last', () => {
    const states = ['ASSIGNED', 'ACCEPTED', 'PICKING', 'PACKED', 'SHIPPED', 'READY_FOR_PICKUP'];
    expect(states.slice(0, 5).map((state) => actions('courier', state)[0])).toEqual([
      'accept',
      'pick',
      'pack',
      'ship',
      'deliver',
    ]);
    expect(['PACKED', 'READY_FOR_PICKUP'].map((state) => actions('pickup', state)[0])).toEqual(['ready', 'hand_over']);
    for (const state of ['HANDED_OVER', 'DELIVERED', 'CANCELLED', 'REJECTED', 'TIMED_OUT'])
      expect(actions('courier', state)).toEqual([]);
  });

  it('takes its time', () => {
    expect(actions('courier', 'ASSIGNED', AT_MS + 3999)).toEqual([]);
    expect(actions('courier', 'ASSIGNED', AT_MS + 12_000)).toEqual(['accept']);
  });

  it('leaves alone what a person looks at, and places that are not of the sample', () => {
    const at = (store: string, isWatched: (code: string) => boolean) =>
      staffSteps(order('courier', taskOf('o1/1', 'ASSIGNED', store)), isWatched, AT_MS + HOUR_MS);
    expect(at('store-1', nobody)).toHaveLength(1);
    expect(at('dc-online', nobody)).toHaveLength(1);
    expect(at('store-1', (code) => code === 'store-1')).toEqual([]);
    expect(at('dc-1', nobody)).toEqual([]);
  });

  it('rejects some tasks of stores and overlooks some, always the same ones', () => {
    const steps = Array.from(
      { length: 1000 },
      (_, i) => staffSteps(order('courier', taskOf(`o${i}/1`, 'ASSIGNED')), nobody, AT_MS + HOUR_MS)[0],
    );
    const rejected = steps.filter((step) => step?.action === 'reject');
    expect(rejected.length).toBeGreaterThan(30);
    expect(rejected.length).toBeLessThan(90);
    expect(rejected[0]).toMatchObject({ reason: 'Not found on the shelf' });
    const overlooked = steps.filter((step) => step === undefined).length;
    expect(overlooked).toBeGreaterThan(10);
    expect(overlooked).toBeLessThan(60);
  });

  const doorWith = (answers: Readonly<Record<string, unknown>>) => {
    const sent: object[] = [];
    const ask = async (method: string, path: string, body?: unknown): Promise<never> => {
      if (method === 'POST') sent.push(body as object);
      return answers[path.split('?')[0] + (path.includes('state=IN_FULFILMENT') ? '!' : '')] as never;
    };
    return { sent, ask };
  };
  const collected = { items: [order('pickup', taskOf('o1/1', 'READY_FOR_PICKUP'))], next: null };
  const handover = { waiting: [{ taskId: 'o1/1', code: '123456', locked: false }] };

  it('hands over for the code that the customer would show', async () => {
    const door = doorWith({
      '/api/store-boards': { items: [] },
      '/api/orders!': collected,
      '/api/orders/o1/handover': handover,
    });
    await oneRound(door, AT_MS + HOUR_MS);
    expect(door.sent).toEqual([
      { taskId: 'o1/1', store: 'store-1', action: 'hand_over', code: '123456', by: 'demo staff' },
    ]);
  });

  it('does nothing while it does not know where people are', async () => {
    const door = doorWith({ '/api/orders!': collected, '/api/orders/o1/handover': handover });
    await oneRound(door, AT_MS + HOUR_MS);
    const watched = { items: [{ store: 'store-1', screens: 1 }] };
    await oneRound({ ...doorWith({ '/api/store-boards': watched, '/api/orders!': collected }) }, AT_MS + HOUR_MS);
    expect(door.sent).toEqual([]);
  });
});
