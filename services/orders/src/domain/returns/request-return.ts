import { foreignOrderId, type RequestReturn, type ReturnLine } from '@shelfline/contracts/return';
import { type Decided, type OrderContext, OrderDraft, type Refusal, refused } from '../decision.js';
import { type Order, unitsOf } from '../order.js';
import { type OrderReturn, type ReturnedLine, stateOfReturn, unitsComingBack } from './order-return.js';
import { DEFAULT_RETURN_RULES, termsOf } from './return-money.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_ORDER_ID = 64;
/** An order is read and written whole with each of its messages. */
const MOST_RETURNS = 50;

/** A customer wants to bring something back: which of it may come, by the rules and by what he has. */
export function requestReturn(message: RequestReturn, known: Order | undefined, context: OrderContext): Decided {
  const { foreign, orderId } = message;
  if (!known && !foreign) return refused(noOrder(orderId));
  if (foreign && (foreignOrderId(foreign) !== orderId || (known && !known.foreign)))
    return refused({
      code: 'foreign_mismatch',
      field: 'foreign',
      detail: `a return of ${foreign.channel}’s order ${foreign.number} has the orderId ${foreignOrderId(foreign)}`,
    });
  const draft = new OrderDraft(known, context);
  if (!known)
    draft.add({ type: 'sold_elsewhere', orderId, askedBy: message.by, placed: soldElsewhere(message, context) });
  const refusals = refusalsOf(message, draft.order, context);
  if (refusals.length > 0) return refused(...refusals);
  const lines = message.lines.map((line) => lineOf(line, draft.order, message));
  const { override, store, by, returnId, exchange } = message;
  const isHeld = draft.order.foreign === true && rulesOf(context).foreign === 'hold' && !mayOverride(message, context);
  const state = isHeld ? 'HELD' : stateOfReturn(lines, 'REQUESTED');
  const reason = override ? `${override.role} ${override.by}: ${override.reason}` : undefined;
  const step = {
    type: isHeld ? ('held' as const) : ('requested' as const),
    atMs: context.atMs,
    by,
    ...(store ? { store } : {}),
    ...(reason ? { reason } : {}),
  };
  const base: OrderReturn = {
    returnId,
    state: isHeld ? 'HELD' : 'REQUESTED',
    lines: lines.map((line) => ({ ...line, receivedUnits: 0 })),
    ...(exchange ? { exchange } : {}),
    refundMinor: 0,
    history: [step],
    version: context.version,
  };
  draft.add({ type: 'return_changed', step, next: base, lines: lines.map(said) });
  if (message.receivedHere && !isHeld) {
    const arrived = { type: 'received' as const, atMs: context.atMs, by, store: store! };
    const next = { ...base, state, store: store!, lines, history: [...base.history, arrived] };
    draft.add({ type: 'return_changed', step: arrived, next, lines: lines.map(said) });
  }
  return draft.decided();
}

export const rulesOf = ({ returnRules }: OrderContext) => returnRules ?? DEFAULT_RETURN_RULES;
export const mayOverride = ({ override }: Pick<RequestReturn, 'override'>, context: OrderContext): boolean =>
  override !== undefined && rulesOf(context).overrideRoles.includes(override.role);

const said = ({ lineId, sku, requestedUnits, unitPriceMinor }: ReturnedLine) => ({
  lineId,
  sku,
  units: requestedUnits,
  ...(unitPriceMinor === undefined ? {} : { unitPriceMinor }),
});

export const noOrder = (orderId: string): Refusal => ({
  code: 'unknown_order',
  field: 'orderId',
  detail: `there is no order ${orderId}; look for it by the number its customer knows, or, if another shop sold it, name that shop in foreign`,
});

const soldElsewhere = ({ foreign }: RequestReturn, { atMs }: OrderContext): Order['placed'] => ({
  channel: foreign!.channel,
  channelOrder: foreign!.number,
  placedAt: new Date(atMs).toISOString(),
  currency: 'XXX',
  method: 'carry_out',
  wish: 'cancel_rest',
  payment: 'paid',
});

function refusalsOf(message: RequestReturn, order: Order, context: OrderContext): Refusal[] {
  const { returnId } = message;
  const { returns = [] } = order;
  if (returns.some((one) => one.returnId === returnId))
    return [
      {
        code: 'return_exists',
        field: 'returnId',
        detail: `order ${order.orderId} has a return ${returnId} already; give this one another returnId, or look at that one`,
      },
    ];
  if (returns.length >= MOST_RETURNS)
    return [
      {
        code: 'too_many_returns',
        field: 'orderId',
        detail: `order ${order.orderId} has ${returns.length} returns; more are not taken. Ask head office`,
      },
    ];
  if (message.override && !mayOverride(message, context))
    return [
      {
        code: 'may_not_override',
        field: 'override',
        detail: `${message.override.role} may not take what the rules refuse; ask for one of: ${rulesOf(context).overrideRoles.join(', ')}`,
      },
    ];
  if (message.receivedHere && (message.store === undefined || !context.findLocation(message.store)?.active))
    return [
      {
        code: 'unknown_store',
        field: 'store',
        detail: `it is not known which open place has received it; give the store’s code`,
      },
    ];
  const { exchange } = message;
  if (exchange) {
    const found = exchangeRefusals(exchange, order, context);
    if (found.length > 0) return found;
  }
  if (order.foreign) return foreignRefusals(message, order, context);
  return message.lines.flatMap((line, i) => lineRefusals(line, i, order, message, context));
}

function exchangeRefusals(
  { lines, store }: NonNullable<RequestReturn['exchange']>,
  order: Order,
  context: OrderContext,
): Refusal[] {
  if (order.foreign)
    return [
      {
        code: 'exchange_elsewhere',
        field: 'exchange',
        detail: 'it was sold elsewhere, so what was paid is not known here; return it, and place a new order',
      },
    ];
  if (exchangeOrderIdOf(order).length > MAX_ORDER_ID)
    return [
      {
        code: 'order_id_too_long',
        field: 'exchange',
        detail: `no order can be named after ${order.orderId}, which is too long; return it, and place a new order`,
      },
    ];
  if (store !== undefined && !context.findLocation(store)?.active)
    return [{ code: 'unknown_store', field: 'exchange.store', detail: `no place ${store} is open; give another one` }];
  if (store === undefined && order.placed.destination && order.customerErasedAtMs !== undefined)
    return [
      {
        code: 'address_erased',
        field: 'exchange.store',
        detail:
          'its customer was taken out of the order, so nobody knows where to send the exchange; give the place where it is collected, or return it and place a new order with the address',
      },
    ];
  return lines.flatMap(({ sku }, i) =>
    context.knowsSku(sku)
      ? []
      : [
          {
            code: 'unknown_sku',
            field: `exchange.lines[${i}].sku`,
            detail: `the catalog sells no product ${sku}; correct the line`,
          },
        ],
  );
}

/** Numbered by the returns before it, which are never taken away. */
export const exchangeOrderIdOf = ({ orderId, returns = [] }: Order): string => `${orderId}.x${returns.length + 1}`;

function foreignRefusals(message: RequestReturn, order: Order, context: OrderContext): Refusal[] {
  const { channel } = order.placed;
  if (!context.findChannel(channel))
    return [
      {
        code: 'unknown_channel',
        field: 'foreign.channel',
        detail: `no channel ${channel} is known, so nobody could be told to pay it back; add it to the catalog, or correct it`,
      },
    ];
  if (rulesOf(context).foreign === 'refuse' && !mayOverride(message, context))
    return [
      {
        code: 'foreign_refused',
        field: 'foreign',
        detail:
          'goods of sales that are not known here are not taken back by rule; send the customer to the shop that sold it, or ask head office',
      },
    ];
  return message.lines.flatMap(({ sku, lineId, units }, i): Refusal[] => {
    if (sku === undefined || !context.knowsSku(sku))
      return [
        {
          code: 'unknown_sku',
          field: `lines[${i}].sku`,
          detail: `the catalog sells no product ${sku ?? '(none given)'}; say what it is`,
        },
      ];
    // What the first return of a line claimed was sold is all that comes back of it, unless head office says otherwise.
    const claims = (order.returns ?? []).flatMap(({ lines }) =>
      lines.filter((line) => line.lineId === lineId || line.sku === sku),
    );
    if (claims.length === 0 || mayOverride(message, context)) return [];
    const left = claims[0]!.handedBackUnits;
    return units <= left ? [] : [tooMany(i, `of ${sku} of this sale a return was asked for already`, left)];
  });
}

const tooMany = (i: number, why: string, left: number): Refusal => ({
  code: 'more_than_sold',
  field: `lines[${i}].units`,
  detail: `${why}; ${left === 0 ? 'nothing more of it can come back' : `at most ${left} can come back`}. Look at its returns`,
  allowed: [],
});

/** Units of a line that could still be brought back. */
export const returnableUnits = ({ holds, returns = [] }: Order, lineId: string): number =>
  unitsOf(holds.filter((hold) => hold.lineId === lineId && hold.state === 'fulfilled')) -
  unitsComingBack(returns, lineId);

function lineRefusals(
  line: ReturnLine,
  i: number,
  order: Order,
  message: RequestReturn,
  context: OrderContext,
): Refusal[] {
  const own = order.lines.find(({ lineId }) => lineId === line.lineId);
  if (!own)
    return [
      {
        code: 'unknown_line',
        field: `lines[${i}].lineId`,
        detail: `order ${order.orderId} has no line ${line.lineId}; look at the order`,
      },
    ];
  if (line.sku !== undefined && line.sku !== own.sku)
    return [
      {
        code: 'wrong_item',
        field: `lines[${i}].sku`,
        detail: `line ${line.lineId} is ${own.sku}, not ${line.sku}; find the order that ${line.sku} was sold with, or give it back to the customer`,
      },
    ];
  const left = returnableUnits(order, line.lineId);
  if (line.units > left)
    return [tooMany(i, `of ${own.sku} less has left the house, or more of it is on its way back already`, left)];
  const { periodDays } = termsOf(rulesOf(context), order.placed.channel, context.categoryOf?.(own.sku));
  const since = handedOverAtMs(order, line.lineId);
  if (context.atMs <= since + periodDays * DAY_MS || mayOverride(message, context)) return [];
  return [
    {
      code: 'after_period',
      field: `lines[${i}]`,
      detail: `${own.sku} left on ${new Date(since).toISOString().slice(0, 10)} and is taken back for ${periodDays} days; refuse it, or ask one of: ${rulesOf(context).overrideRoles.join(', ')}`,
      allowed: ['override'],
    },
  ];
}

function handedOverAtMs({ holds, tasks, placedAtMs }: Order, lineId: string): number {
  const own = new Set(
    holds.filter((hold) => hold.lineId === lineId && hold.state === 'fulfilled').map(({ task }) => task),
  );
  return Math.max(placedAtMs, ...tasks.filter(({ number }) => own.has(number)).map(({ changedAtMs }) => changedAtMs));
}

function lineOf({ lineId, sku, units }: ReturnLine, order: Order, { receivedHere }: RequestReturn): ReturnedLine {
  const own = order.lines.find((line) => line.lineId === lineId);
  return {
    lineId,
    sku: own?.sku ?? sku!,
    ...(own ? { unitPriceMinor: own.unitPriceMinor } : {}),
    requestedUnits: units,
    receivedUnits: receivedHere ? units : 0,
    acceptedUnits: 0,
    declinedUnits: 0,
    disposedUnits: 0,
    handedBackUnits: 0,
    feeUnits: 0,
    waiting: { restockable: 0, unsaleable: 0, declined: 0 },
  };
}
