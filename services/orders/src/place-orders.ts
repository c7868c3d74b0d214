import { type FieldNote, notesOf } from '@shelfline/contracts/catalog-outcome';
import { PlaceOrder } from '@shelfline/contracts/order';
import type { OrderOutcome } from '@shelfline/contracts/order-view';
import type { z } from 'zod';
import { whatBecame } from './domain/what-became.js';
import { DESK_SOURCE } from './order-answers.js';
import type { PlacedAnswer, PlacedItem } from './order-bodies.js';
import type { Answer, OrderDesk } from './order-desk.js';
import { unreadIn } from './unread-in.js';

/** Not `id`: an order is known by its orderId, whatever else a sender numbers it by. */
const READ: ReadonlySet<string> = new Set(Object.keys(PlaceOrder.shape).filter((name) => name !== 'id'));

/** Places what can be read; one bad order never takes the good ones with it. Answers in the order of the request. */
export async function placeOrders(
  sentItems: readonly unknown[],
  desk: Pick<OrderDesk, 'ask'>,
  faultsOf: (order: PlaceOrder) => FieldNote[] = () => [],
): Promise<z.infer<typeof PlacedAnswer>> {
  const answers: PlacedItem[] = [];
  const sent: { index: number; message: PlaceOrder }[] = [];
  const taken = new Set<string>();
  sentItems.forEach((item, index) => {
    const read = readOrder(item, faultsOf);
    if (!read.ok)
      answers.push({
        index,
        ...(read.orderId ? { orderId: read.orderId } : {}),
        result: 'refused',
        errors: read.errors,
      });
    else if (taken.has(read.message.orderId)) answers.push(twice(index, read.message.orderId));
    else {
      taken.add(read.message.orderId);
      sent.push({ index, message: read.message });
    }
  });
  const asked = await desk.ask(sent.map(({ message }) => message));
  asked.forEach((answer, i) => answers.push(itemOf(sent[i]!.index, sent[i]!.message.orderId, answer)));
  answers.sort((a, b) => a.index - b.index);
  const items = answers.map((answer) => withUnread(answer, sentItems[answer.index]));
  const count = (result: PlacedItem['result']) => answers.filter((answer) => answer.result === result).length;
  return {
    placed: count('placed'),
    backordered: count('backordered'),
    waitingForCredit: count('waiting_for_credit'),
    outOfStock: count('out_of_stock'),
    pending: count('pending'),
    refused: count('refused'),
    items,
  };
}

function withUnread(answer: PlacedItem, sent: unknown): PlacedItem {
  const unreadFields = isObject(sent) ? unreadIn(sent, READ) : [];
  return unreadFields.length > 0 ? { ...answer, unreadFields } : answer;
}

const isObject = (item: unknown): item is object => typeof item === 'object' && item !== null && !Array.isArray(item);

type Read =
  | { readonly ok: true; readonly message: PlaceOrder }
  | { readonly ok: false; readonly orderId: string | undefined; readonly errors: FieldNote[] };

export function readOrder(item: unknown, faultsOf: (order: PlaceOrder) => FieldNote[] = () => []): Read {
  if (!isObject(item))
    return {
      ok: false,
      orderId: undefined,
      errors: [{ field: '', code: 'invalid', detail: 'an order must be a JSON object' }],
    };
  const { orderId } = item as { orderId?: unknown };
  const named = typeof orderId === 'string' ? orderId.slice(0, 64) : undefined;
  const message = { ...item, type: 'place', id: `place/${named ?? ''}`, source: DESK_SOURCE };
  const { success, data, error } = PlaceOrder.safeParse(message);
  const errors = success ? faultsOf(data) : notesOf(error, message);
  return success && errors.length === 0 ? { ok: true, message: data } : { ok: false, orderId: named, errors };
}

const twice = (index: number, orderId: string): PlacedItem => ({
  index,
  orderId,
  result: 'refused',
  errors: [
    { field: 'orderId', code: 'twice', detail: `${orderId} stands in this request already; give each order its own` },
  ],
});

function itemOf(index: number, orderId: string, answer: Answer): PlacedItem {
  const base = { index, orderId };
  switch (answer.kind) {
    case 'answered': {
      const { result, state, errors } = answer.outcome;
      if (result === 'refused') return { ...base, result: 'refused', ...(errors ? { errors } : {}) };
      const stands = { ...(state === undefined ? {} : { state }), ...unitsIn(answer.outcome) };
      return { ...base, result: whatBecame(answer.outcome), ...stands };
    }
    case 'conflict':
      return refusedItem(
        base,
        'conflict',
        answer.ofRefusal
          ? `${orderId} was sent with other content at the same time, and that was refused, so no such order stands: send this one again`
          : `${orderId} was placed before with other content; the first one stands: look at it, or give this one another orderId`,
      );
    case 'pending':
      return { ...base, result: 'pending' };
    case 'too_large':
      return refusedItem(base, 'too_large', 'it is larger than an order may be; leave out what nobody here knows');
    case 'unavailable':
      return refusedItem(
        base,
        'unavailable',
        'Kafka did not confirm it; send it again as it is, it has its effect once',
      );
  }
}

const UNITS = ['promisedUnits', 'awaitedUnits', 'waitingUnits', 'cancelledUnits', 'expectedAt'] as const;
const unitsIn = (outcome: OrderOutcome): Pick<PlacedItem, (typeof UNITS)[number]> =>
  Object.fromEntries(UNITS.flatMap((name) => (outcome[name] === undefined ? [] : [[name, outcome[name]]])));

const refusedItem = (base: { index: number; orderId: string }, code: string, detail: string): PlacedItem => ({
  ...base,
  result: 'refused',
  errors: [{ field: '', code, detail }],
});
