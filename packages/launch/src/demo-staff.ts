import type { OrderView } from '@shelfline/contracts/order-view';
import type { FrontDoor } from './front-door.js';
import { type StaffStep, staffSteps } from './staff-decision.js';

interface Page {
  readonly items: readonly OrderView[];
  readonly next: string | null;
}
interface Boards {
  readonly items: readonly { readonly store: string; readonly screens: number }[];
}
interface Handover {
  readonly waiting: readonly { readonly taskId: string; readonly code: string; readonly locked: boolean }[];
}
type Door = Pick<FrontDoor, 'ask'>;

const LOOK_EVERY_MS = 2500;
const PER_PAGE = 200;
/** Of each state; what is beyond is seen to once these are done. */
const MOST_PAGES = 5;
const CONCURRENT = 4;

/**
 * Works off the orders of the sample's places over the public interface, until stopped. A place with an open screen is
 * left to whoever sits before it. What could not be done is looked at again, since each round begins with what is so.
 */
export async function runDemoStaff(
  door: Door,
  signal: AbortSignal,
  pause: (delayMs: number) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    await oneRound(door, Date.now()).catch(() => {});
    if (!signal.aborted) await pause(LOOK_EVERY_MS);
  }
}

export async function oneRound(door: Door, nowMs: number): Promise<void> {
  const boards = await door.ask<Boards>('GET', '/api/store-boards');
  // Without knowing who looks at what, nobody's work is taken from him.
  if (!boards) return;
  const watched = new Set(boards.items.filter(({ screens }) => screens > 0).map(({ store }) => store));
  const steps: { readonly orderId: string; readonly step: StaffStep }[] = [];
  for (const state of ['IN_FULFILMENT', 'ROUTED', 'WAITING'])
    for await (const order of ordersIn(door, state))
      for (const step of staffSteps(order, (store) => watched.has(store), nowMs))
        steps.push({ orderId: order.orderId, step });
  const next = steps.values();
  const work = async (): Promise<void> => {
    for (const { orderId, step } of next) await doStep(door, orderId, step);
  };
  await Promise.all(Array.from({ length: CONCURRENT }, work));
}

async function* ordersIn(door: Door, state: string): AsyncGenerator<OrderView> {
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = new URLSearchParams({ state, limit: String(PER_PAGE), ...(cursor === null ? {} : { cursor }) });
    const found: Page | undefined = await door.ask<Page>('GET', `/api/orders?${query.toString()}`);
    yield* found?.items ?? [];
    cursor = found?.next ?? null;
    if (cursor === null) return;
  }
}

async function doStep(door: Door, orderId: string, { asksForCode, ...step }: StaffStep): Promise<void> {
  let said: object = step;
  if (asksForCode) {
    const handover = await door.ask<Handover>('GET', `/api/orders/${encodeURIComponent(orderId)}/handover`);
    const shown = handover?.waiting.find(({ taskId, locked }) => taskId === step.taskId && !locked);
    if (!shown) return;
    said = { ...step, code: shown.code };
  }
  await door.ask('POST', '/api/orders/tasks', { ...said, by: 'demo staff' });
}
