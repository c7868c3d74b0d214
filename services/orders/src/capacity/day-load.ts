import { STATE_HEADER, WORKING_DAY_HEADER } from '@shelfline/contracts/record-headers';
import type { Table } from '@shelfline/streaming/table';
import type { Hold, Order, Task } from '../domain/order.js';
import { taskIdOf } from '../domain/task-id.js';
import type { TaskRow } from '../open-tasks.js';

/** `2026-06-01 store-1`: sorts by day. */
export const placeDay = (day: string, location: string): string => `${day} ${location}`;

/** What a place no longer has to do; everything else was work of its day, also once it is done. */
const GIVEN_BACK: ReadonlySet<string> = new Set(['REJECTED', 'TIMED_OUT', 'CANCELLED']);
const isCounted = ({ state }: Pick<Task, 'state'>): boolean => !GIVEN_BACK.has(state);

export type HeededOrder = Pick<Order, 'orderId' | 'placed' | 'cart' | 'holds' | 'tasks'>;
const isWaiting = ({ state, task }: Hold): boolean => task === undefined && (state === 'asked' || state === 'held');
/** No task has it: their names end in a number. */
const askingKey = (orderId: string, location: string): string => `${orderId}@${location}`;

interface Counted {
  readonly placeDay: string;
  /** When it was decided here, as long as its record has not been read. */
  readonly unconfirmedSinceMs?: number;
}

/** Of a decision that may be lost: what it changed, as it was. */
interface Before {
  readonly counted: Map<string, Counted | undefined>;
  readonly asking: Map<string, readonly string[]>;
}

/** A decision whose record does not come was never committed: another process has taken over. */
const CONFIRMED_WITHIN_MS = 120_000;
const KEPT_MS = 3 * 24 * 60 * 60 * 1000;

/**
 * How many tasks count against each day of each place: one count a task, whatever becomes of it but its being given back.
 * What this process decides counts at once, before the next order is planned, so two orders of one process never take the
 * same last task of a day; what another process decides counts when its record on `orders.tasks` is read. Records of
 * closed tasks keep their day in a header, so the count is the same after a restart.
 */
export class DayLoad {
  private readonly byTask = new Map<string, Counted>();
  private readonly taken = new Map<string, number>();
  /** Per order the places it asks or holds something of, and has no task at yet. */
  private readonly asking = new Map<string, readonly string[]>();
  /** Per partition what a decision that is not committed yet has changed. */
  private readonly undecided = new Map<number, Before>();
  private sweptMs = 0;

  constructor(
    tasks: Pick<Table<TaskRow>, 'onChange'>,
    private readonly now: () => number,
  ) {
    tasks.onChange((changes) => {
      for (const { key, value, record } of changes) {
        const day = value ? value.day && placeDay(value.day, value.store) : record.headers[WORKING_DAY_HEADER];
        const isGivenBack = !value && GIVEN_BACK.has(record.headers[STATE_HEADER] ?? '');
        // What is told is committed, whatever becomes of a decision here.
        for (const { counted } of this.undecided.values()) counted.delete(key);
        if (day && !isGivenBack) this.count(key, { placeDay: day });
        else if (isGivenBack) this.forget(key);
      }
    });
  }

  /** Orders that are remembered with what they ask for. */
  get askingOrders(): number {
    return this.asking.size;
  }

  at(location: string, day: string): number {
    return this.taken.get(placeDay(day, location)) ?? 0;
  }

  /** What else there is of a day for an order: what it has asked for itself is not in its own way. */
  forOrder(orderId: string | undefined, location: string, day: string): number {
    const own = orderId === undefined ? undefined : this.byTask.get(askingKey(orderId, location));
    return this.at(location, day) - (own?.placeDay === placeDay(day, location) ? 1 : 0);
  }

  /**
   * As a decision of the partition has made the order, before it is committed. Where the ledger is asked a place counts
   * already: of many orders that come at once, each would see room that is there once. `dayOf` tells the next day with
   * room. Until it is `committed`, `giveBack` undoes it.
   */
  heed(
    partition: number,
    { orderId, placed, cart, holds, tasks }: HeededOrder,
    dayOf: (location: string) => string | undefined,
  ): void {
    const before = this.beforeIn(partition);
    const isWork = !cart && placed.method !== 'carry_out';
    const asked = isWork ? holds.filter(isWaiting).map((hold) => hold.location ?? hold.locations[0]!) : [];
    this.heedAsked(before, orderId, asked, dayOf);
    for (const task of tasks) {
      if (task.day === undefined) continue;
      const taskId = taskIdOf(orderId, task.number);
      if (!isCounted(task)) this.change(before, taskId, undefined);
      else if (!this.byTask.has(taskId))
        this.change(before, taskId, {
          placeDay: placeDay(task.day, task.location),
          unconfirmedSinceMs: this.now(),
        });
    }
    this.sweep(this.now());
  }

  /** What the partition decided last stands. */
  committed(partition: number): void {
    this.undecided.delete(partition);
  }

  /** What the partition decided last and did not commit is lost: decided again, it would take the day twice. */
  giveBack(partition: number): void {
    const before = this.undecided.get(partition);
    if (!before) return;
    this.undecided.delete(partition);
    for (const [key, counted] of before.counted) this.put(key, counted);
    for (const [orderId, places] of before.asking) this.ask(orderId, places);
  }

  private heedAsked(
    before: Before,
    orderId: string,
    places: readonly string[],
    dayOf: (location: string) => string | undefined,
  ): void {
    const asking = this.asking.get(orderId) ?? [];
    if (!before.asking.has(orderId)) before.asking.set(orderId, asking);
    for (const location of asking)
      if (!places.includes(location)) this.change(before, askingKey(orderId, location), undefined);
    this.ask(orderId, places);
    for (const location of places) {
      const key = askingKey(orderId, location);
      const day = this.byTask.has(key) ? undefined : dayOf(location);
      if (day !== undefined)
        this.change(before, key, { placeDay: placeDay(day, location), unconfirmedSinceMs: this.now() });
    }
  }

  private ask(orderId: string, places: readonly string[]): void {
    if (places.length > 0) this.asking.set(orderId, places);
    else this.asking.delete(orderId);
  }

  private beforeIn(partition: number): Before {
    let before = this.undecided.get(partition);
    if (!before) this.undecided.set(partition, (before = { counted: new Map(), asking: new Map() }));
    return before;
  }

  private change({ counted }: Before, key: string, to: Counted | undefined): void {
    if (!counted.has(key)) counted.set(key, this.byTask.get(key));
    this.put(key, to);
  }

  private put(key: string, counted: Counted | undefined): void {
    if (counted) this.count(key, counted);
    else this.forget(key);
  }

  private count(taskId: string, counted: Counted): void {
    this.forget(taskId);
    this.byTask.set(taskId, counted);
    this.taken.set(counted.placeDay, (this.taken.get(counted.placeDay) ?? 0) + 1);
  }

  private forget(taskId: string): void {
    const counted = this.byTask.get(taskId);
    if (!counted) return;
    this.byTask.delete(taskId);
    const left = this.taken.get(counted.placeDay)! - 1;
    if (left === 0) this.taken.delete(counted.placeDay);
    else this.taken.set(counted.placeDay, left);
  }

  private sweep(nowMs: number): void {
    if (nowMs - this.sweptMs < CONFIRMED_WITHIN_MS) return;
    this.sweptMs = nowMs;
    const oldest = new Date(nowMs - KEPT_MS).toISOString().slice(0, 10);
    for (const [taskId, { placeDay: day, unconfirmedSinceMs = nowMs }] of this.byTask)
      if (day < oldest || nowMs - unconfirmedSinceMs > CONFIRMED_WITHIN_MS) this.forget(taskId);
    // What another process has taken over is heard of here no more.
    for (const [orderId, places] of this.asking)
      if (!places.some((location) => this.byTask.has(askingKey(orderId, location)))) this.asking.delete(orderId);
  }
}
