import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CancelOrder, PlaceOrder } from '@shelfline/contracts/order';
import type { Plan } from './plan.ts';
import type { Fault } from './plan-faults.ts';
import { runPlan } from './run-seed.ts';
import { FIRST_ORDERS_SLOT, ORDERS_SLOTS, SLOTS, START_MS } from './setting.ts';

const ORDER_AT_MS = 2000;
/** From the order until its places have done everything. */
const ORDER_TAKES_MS = 2500;
/** Long enough that the other process takes over; meanwhile a store may lose a task that it was never shown. */
const DOWN_MS = 6000;
const MORE_COMES_AT_MS = 9000;
const AT_ONCE_MS = 0.001;

const receiptOf = (sku: string, location: string, atMs = 0) => ({
  atMs,
  key: sku,
  misplaced: false,
  value: JSON.stringify({
    id: `receipt-${sku}-${location}`,
    source: 'wms',
    type: 'receipt',
    sku,
    location,
    quantity: 2,
    occurredAt: new Date(START_MS).toISOString(),
  }),
});
const PLACE: PlaceOrder = {
  type: 'place',
  id: 'place-O1',
  source: 'shop',
  orderId: 'O1',
  channel: 'web',
  placedAt: new Date(START_MS).toISOString(),
  currency: 'CNY',
  lines: ['A-1', 'B-2'].map((sku, i) => ({ lineId: `${i + 1}`, sku, quantity: 2, unitPriceMinor: 100 })),
  method: 'courier',
  wish: 'split',
  payment: 'paid',
  destination: { city: 'chengdu' },
};
const CANCEL: CancelOrder = { type: 'cancel', id: 'cancel-O1', source: 'shop', orderId: 'O1' };
const placed = { atMs: ORDER_AT_MS, message: PLACE };

/** Two SKUs at two places, one order that needs both, and more of what only one store had. */
const WITHOUT_FAULTS = {
  seed: 3,
  records: [
    receiptOf('A-1', 'chengdu'),
    receiptOf('B-2', 'shenyang'),
    receiptOf('B-2', 'hangzhou'),
    receiptOf('A-1', 'hangzhou', MORE_COMES_AT_MS),
  ],
  requests: [],
  uploads: [],
  faults: [],
  orders: [placed],
} satisfies Plan;

interface Step {
  readonly atMs: number;
  readonly slot: number;
}

/** When a server has done what a process asked of it, and the process has not heard. */
function stepsOf(service: string, trace: readonly string[], what = ''): Step[] {
  const line = new RegExp(`^([\\d.]+) ${service}-(\\d+)#\\d+ ${what}`);
  const steps = trace.flatMap((each) => {
    const [, atMs, slot] = line.exec(each) ?? [];
    return atMs ? [{ atMs: Number(atMs) + AT_ONCE_MS, slot: Number(slot) }] : [];
  });
  return steps.filter(({ atMs }) => atMs >= ORDER_AT_MS && atMs < ORDER_AT_MS + ORDER_TAKES_MS);
}

const statesOf = (judged: ReadonlyMap<string, number>, kind: string): string[] =>
  [...judged].flatMap(([what, times]) => (what.startsWith(kind) && times > 0 ? [what.slice(kind.length)] : []));

describe('one order, with something failing at each step of it in turn', () => {
  let ofOrders: Step[];
  let ofLedger: Step[];
  let commits: Step[];
  let undisturbed: Awaited<ReturnType<typeof runPlan>>;

  beforeAll(async () => {
    undisturbed = await runPlan(WITHOUT_FAULTS, { readsTrace: true });
    const { trace } = undisturbed;
    ofOrders = stepsOf('orders', trace);
    ofLedger = stepsOf('ledger', trace);
    commits = stepsOf('orders', trace, 'commit');
  });

  it('is completed where nothing fails, in steps enough to fail at', () => {
    const { wrongs, judged } = undisturbed;
    expect([wrongs, statesOf(judged, 'orders: order ')]).toEqual([[], ['COMPLETED']]);
    expect(ofOrders.length).toBeGreaterThan(40);
    expect(ofLedger.length).toBeGreaterThan(10);
    expect(commits.length).toBeGreaterThan(8);
  });

  /** A history for each step, in which one thing more happens then. */
  async function wrongsWith(steps: readonly Step[], wrongsOf: (step: Step) => Promise<string[]>): Promise<string[]> {
    const wrongs: string[] = [];
    for (const step of steps) for (const wrong of await wrongsOf(step)) wrongs.push(`${step.atMs}: ${wrong}`);
    return wrongs;
  }
  async function wrongsOfKilling({ atMs, slot }: Step): Promise<string[]> {
    const faults: Fault[] = [{ kind: 'kill', atMs, slot, downMs: DOWN_MS }];
    const { wrongs, strikes, judged } = await runPlan({ ...WITHOUT_FAULTS, faults });
    const killed =
      (strikes.get('process of orders is killed') ?? 0) + (strikes.get('process of the ledger is killed') ?? 0);
    const states = statesOf(judged, 'orders: order ').join();
    return [
      ...wrongs,
      ...(killed === 1 ? [] : [`${killed} were killed`]),
      ...(states === 'COMPLETED' ? [] : [`the order ends ${states}`]),
    ];
  }

  it('is completed whenever the process of orders that works on it is killed', async () => {
    expect(ofOrders.every(({ slot }) => slot >= FIRST_ORDERS_SLOT && slot < FIRST_ORDERS_SLOT + ORDERS_SLOTS)).toBe(
      true,
    );
    expect(await wrongsWith(ofOrders, wrongsOfKilling)).toEqual([]);
  }, 180_000);

  it('is completed whenever the process of the ledger that answers it is killed', async () => {
    expect(ofLedger.every(({ slot }) => slot < SLOTS)).toBe(true);
    expect(await wrongsWith(ofLedger, wrongsOfKilling)).toEqual([]);
  }, 180_000);

  it('leaves a clean slate whatever was committed last when it is cancelled', async () => {
    const ends = new Set<string>();
    const wrongs = await wrongsWith(commits, async ({ atMs }) => {
      const run = await runPlan({ ...WITHOUT_FAULTS, orders: [placed, { atMs, message: CANCEL }] });
      for (const state of statesOf(run.judged, 'orders: order ')) ends.add(state);
      return [...run.wrongs];
    });
    expect(wrongs).toEqual([]);
    expect([...ends]).toEqual(expect.arrayContaining(['CANCELLED', 'COMPLETED']));
  }, 180_000);
});
