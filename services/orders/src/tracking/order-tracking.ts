import { versionHeaders } from '@shelfline/contracts/record-headers';
import { TOPICS } from '@shelfline/contracts/topics';
import type { TrackedOrder, TrackedParcel } from '@shelfline/contracts/tracking';
import type { OutputRecord } from '@shelfline/streaming/stream';
import type { Order, Task } from '../domain/order.js';
import { backorderedOf } from '../domain/presale/backorder-state.js';
import { arrivesByMs } from '../pickup-transfer/pickup-outputs.js';

export interface PlaceNames {
  nameOf(code: string, language: 'en' | 'zh'): string;
}
type Pictured = Omit<TrackedOrder, 'version' | 'changedAt'>;

/** What the customers of orders are told. */
export class OrderTracking {
  constructor(private readonly names: PlaceNames) {}

  /** Nothing where the customer would see the same as before. */
  changesOf(before: Order | undefined, order: Order): OutputRecord[] {
    const shown = JSON.stringify(this.picture(order));
    const shownBefore = before && JSON.stringify(this.picture(before));
    return shown === (shownBefore ?? 'null') ? [] : this.newestOf(order);
  }

  /** As it is now; nothing of an order that nobody could follow yet. */
  newestOf(order: Order): OutputRecord[] {
    const picture = this.picture(order);
    if (!picture && !order.isUntracked) return [];
    const { orderId, version, changedAtMs } = order;
    const value = picture && { ...picture, changedAt: new Date(changedAtMs).toISOString(), version };
    return [
      {
        topic: TOPICS.orderTracking,
        key: orderId,
        partition: { by: orderId },
        type: 'shelfline.order.tracking',
        value,
        headers: versionHeaders(version),
      },
    ];
  }

  /** Null until it is known what becomes of it (some milliseconds, as a rule), and once nobody follows it any more. */
  private picture(order: Order): Pictured | null {
    const { orderId, placed, state, lines, tasks, reason, isDecided, isUntracked } = order;
    if (!isDecided || isUntracked) return null;
    const { channelOrder, method, store: code, placedAt } = placed;
    const arrivesMs = arrivesByMs(order);
    const isCollected = (method === 'pickup' || method === 'carry_out') && code !== undefined;
    return {
      orderId,
      ...(channelOrder === undefined ? {} : { channelOrder }),
      state,
      method,
      ...(isCollected
        ? { store: { code, name: this.names.nameOf(code, 'en'), nameZh: this.names.nameOf(code, 'zh') } }
        : {}),
      ...(order.appointment ? { appointment: order.appointment } : {}),
      lines: lines.map(({ lineId, sku, quantity, cancelledUnits }) => ({
        lineId,
        sku,
        quantity,
        cancelledUnits,
        ...backorderedOf(order, lineId),
      })),
      parcels: tasks.filter(isShown).map(parcelOf),
      ...(arrivesMs === undefined ? {} : { arrivesBy: new Date(arrivesMs).toISOString() }),
      ...(reason === undefined || (state !== 'WAITING' && state !== 'CANCELLED') ? {} : { reason: toldReason(reason) }),
      placedAt,
    };
  }
}

/** What staff wrote down when they cancelled it is not for the customer, nor which store did not want it. */
const toldReason = (reason: string): string => TOLD_REASONS[reason] ?? 'cancelled';
const TOLD_REASONS: Readonly<Record<string, string>> = {
  out_of_stock: 'out_of_stock',
  store_refused: 'out_of_stock',
  store_silent: 'out_of_stock',
  waited_too_long: 'out_of_stock',
  awaiting_delivery: 'awaiting_delivery',
};

const isShown = ({ state }: Task): boolean => state !== 'REJECTED' && state !== 'TIMED_OUT' && state !== 'CANCELLED';

const parcelOf = ({ number, state, lines, steps, changedAtMs, tracking, parcel, visit }: Task): TrackedParcel => ({
  number,
  state,
  lines: lines.map(({ lineId, sku, quantity }) => ({ lineId, sku, quantity })),
  steps: (steps ?? (state === 'ASSIGNED' ? [] : [{ state, atMs: changedAtMs }])).map((step) => ({
    state: step.state,
    at: new Date(step.atMs).toISOString(),
  })),
  ...(tracking === undefined ? {} : { tracking }),
  ...(visit ? { visit } : {}),
  ...(parcel && parcel.state !== 'label_failed' ? { courier: parcel.courier } : {}),
  ...(parcel && parcel.steps.length > 0
    ? { delivery: parcel.steps.map(({ step, atMs }) => ({ step, at: new Date(atMs).toISOString() })) }
    : {}),
});
