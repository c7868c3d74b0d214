import type { OrderContext, OrderDraft } from '../decision.js';
import type { Hold, Order, Task } from '../order.js';
import type { Placed } from '../placed.js';
import { transferIdOf } from './arriving.js';

/**
 * What a customer collects is brought to his store, from each place by one transfer. It is held where it lies from the
 * moment it was promised; the transfer takes that over, so it is free at no moment.
 */
export function bringTogether(draft: OrderDraft, { transferBy }: OrderContext): void {
  const { placed, holds } = draft.order;
  const { store } = placed;
  if (placed.method !== 'pickup' || store === undefined) return;
  for (const { from, holds: own } of loadsOf(holds, store)) {
    const number = (draft.order.transfers?.length ?? 0) + 1;
    const expectedByMs = transferBy?.(draft.order, from, store);
    draft.add({
      type: 'transfer_requested',
      number,
      transferId: transferIdOf(draft.order.orderId, number),
      from,
      to: store,
      lines: own.map(({ lineId, sku, quantity }) => ({ lineId, sku, quantity })),
      reservationIds: own.map(({ reservationId }) => reservationId),
      ...(expectedByMs === undefined ? {} : { expectedByMs }),
    });
  }
}

interface Load {
  readonly from: string;
  readonly holds: Hold[];
}
/** One a place; of a line that is held there twice another one, since a transfer knows each line once. */
function loadsOf(holds: readonly Hold[], store: string): Load[] {
  const loads: Load[] = [];
  for (const hold of holds) {
    const { location: from, lineId, state, task, transfer } = hold;
    if (state !== 'held' || task !== undefined || transfer !== undefined) continue;
    if (from === undefined || from === store) continue;
    const load = loads.find((one) => one.from === from && one.holds.every((own) => own.lineId !== lineId));
    if (load) load.holds.push(hold);
    else loads.push({ from, holds: [hold] });
  }
  return loads;
}

/**
 * What a store rejected of its own may be brought to it from elsewhere. Where it rejected what was brought, it would be
 * sent there and refused again and again; where it did not answer, it is asked again.
 */
export const mayBeBroughtTo = ({
  placed,
  tasks,
}: Pick<Order, 'tasks'> & { readonly placed: Pick<Placed, 'method' | 'store'> }): boolean =>
  placed.method === 'pickup' && placed.store !== undefined && takesMore(refusedTasks(tasks, placed.store));

const refusedTasks = (tasks: readonly Task[], store: string): Task[] =>
  tasks.filter(
    ({ location, state, reason }) =>
      location === store && (state === 'REJECTED' || state === 'TIMED_OUT') && reason !== 'sold_meanwhile',
  );
const takesMore = (refused: readonly Task[]): boolean =>
  refused.at(-1)?.state !== 'TIMED_OUT' && !refused.some(({ isBrought }) => isBrought);
