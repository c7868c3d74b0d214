import type { PlaceOrder } from '@shelfline/contracts/order';
import type { RefundInstruction, ReturnEvent } from '@shelfline/contracts/return';
import type { StockFact } from '@shelfline/contracts/stock-delta';
import { ORDERS_SOURCE } from '../ledger-commands.js';
import type { Order } from '../order.js';
import type { OrderEvent } from '../order-events.js';
import type { ReturnChanged, StepLine } from './order-return.js';
import { heldForTransfer } from './return-transfers.js';

/** What the steps of a return ask of others; each under an id made of what it is, so that once more changes nothing. */
export interface ReturnEffects {
  readonly told: readonly ReturnEvent[];
  readonly facts: readonly StockFact[];
  readonly refunds: readonly RefundInstruction[];
  /** Orders for what is given in exchange. */
  readonly exchanges: readonly PlaceOrder[];
}

/** `order` is the order after the events. Undefined = nothing came back. */
export function returnEffects(order: Order, events: readonly OrderEvent[]): ReturnEffects | undefined {
  const changes = events.filter((event) => event.type === 'return_changed');
  if (changes.length === 0) return undefined;
  return {
    told: changes.map((change) => toldReturn(order, change)),
    facts: changes.flatMap((change) => factsOf(order, change)),
    refunds: changes.flatMap((change) => refundOf(order, change)),
    exchanges: changes.flatMap((change) => exchangeOf(order, change)),
  };
}

const instant = (atMs: number): string => new Date(atMs).toISOString();

function toldReturn({ orderId, placed, version }: Order, { step, next, lines }: ReturnChanged): ReturnEvent {
  return {
    orderId,
    returnId: next.returnId,
    type: step.type,
    at: instant(step.atMs),
    by: step.by,
    version,
    state: next.state,
    channel: placed.channel,
    ...(placed.memberId === undefined ? {} : { memberId: placed.memberId }),
    ...(next.store === undefined ? {} : { store: next.store }),
    lines: lines.map(({ disposedBefore: _, goodsMinor: _goods, feeMinor: _fee, photos, ...line }) => ({
      ...line,
      ...(photos ? { photos: [...photos] } : {}),
    })),
  };
}

/** Its transfer ends it: by then it may be decided. */
const HELD_FOR_MS = 24 * 60 * 60 * 1000;

/**
 * Into stock, and out of what may be sold where they may not be. A transfer leaves by the transfer that the step asks
 * for; handed back to the customer they never were in stock.
 */
function factsOf(order: Order, change: ReturnChanged): StockFact[] {
  const { orderId } = order;
  const { step, next, lines } = change;
  if (step.type !== 'disposed') return [];
  return lines.flatMap(({ disposition, ...line }): StockFact[] => {
    const base = baseOf(orderId, next.returnId, line, step.atMs, next.store!);
    const id = (kind: string) => `${kind}/${orderId}/${next.returnId}/${line.lineId}/${line.disposedBefore}`;
    const back: StockFact = { ...base, type: 'return', id: id('r') };
    switch (disposition) {
      case 'restock':
        return [back];
      case 'transfer': {
        const reservationId = heldForTransfer(order, change, line);
        const expiresAt = instant(step.atMs + HELD_FOR_MS);
        return [{ ...back, heldFor: { reservationId, quantity: line.units, mode: 'partial', expiresAt } }];
      }
      case 'quality_control':
        return [back, { ...base, type: 'adjustment', bucket: 'quality_control', id: id('q') }];
      case 'write_off':
        return [back, { ...base, type: 'damage', id: id('d') }];
      case 'hand_back':
      case undefined:
        return [];
    }
  });
}

const baseOf = (orderId: string, returnId: string, { sku, units }: StepLine, atMs: number, location: string) => ({
  source: ORDERS_SOURCE,
  sku,
  location,
  quantity: units,
  occurredAt: instant(atMs),
  reference: `${orderId}/${returnId}`,
});

function refundOf({ orderId, placed, version, foreign }: Order, change: ReturnChanged): RefundInstruction[] {
  const { refund, next, step, lines } = change;
  if (!refund) return [];
  const { goodsMinor, feeMinor, exchangeMinor } = refund;
  const balanceMinor = goodsMinor - feeMinor - exchangeMinor;
  const money = foreign
    ? {}
    : {
        currency: placed.currency,
        goodsMinor,
        feeMinor,
        exchangeMinor,
        refundMinor: Math.max(0, balanceMinor),
        chargeMinor: Math.max(0, -balanceMinor),
      };
  return [
    {
      instructionId: `refund/${orderId}/${next.returnId}/${version}`,
      orderId,
      returnId: next.returnId,
      channel: placed.channel,
      ...(placed.channelOrder === undefined ? {} : { channelOrder: placed.channelOrder }),
      ...(placed.memberId === undefined ? {} : { memberId: placed.memberId }),
      lines: lines
        .filter(({ isAccepted }) => isAccepted)
        .map(({ lineId, sku, units, goodsMinor: goods, feeMinor: fee }) => ({
          lineId,
          sku,
          units,
          ...(goods === undefined ? {} : { goodsMinor: goods }),
          ...(fee === undefined ? {} : { feeMinor: fee }),
        })),
      ...money,
      ...(change.isExchangePlaced ? { exchangeOrderId: next.exchangeOrderId! } : {}),
      at: instant(step.atMs),
      version,
    },
  ];
}

function exchangeOf({ orderId, placed }: Order, { isExchangePlaced, next, step }: ReturnChanged): PlaceOrder[] {
  if (!isExchangePlaced) return [];
  const { channel, currency, memberId, destination, wish } = placed;
  const { lines, store } = next.exchange!;
  const isSent = store === undefined && destination !== undefined;
  return [
    {
      type: 'place',
      id: `exchange/${orderId}/${next.returnId}`,
      source: ORDERS_SOURCE,
      orderId: next.exchangeOrderId!,
      exchangeOf: orderId,
      channel,
      currency,
      placedAt: instant(step.atMs),
      ...(isSent
        ? {
            method: placed.method === 'pickup' || placed.method === 'carry_out' ? 'courier' : placed.method,
            destination,
          }
        : { method: 'pickup', store: store ?? next.store! }),
      lines: lines.map((line) => ({ ...line })),
      wish,
      payment: 'paid',
      ...(memberId === undefined ? {} : { memberId }),
    },
  ];
}
