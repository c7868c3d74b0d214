import type { ParcelUnwanted, ParcelWanted } from '@shelfline/contracts/parcel';
import type { Order, Task } from '../order.js';
import type { OrderEvent } from '../order-events.js';
import { taskIdOf } from '../task-id.js';

export type ParcelRequest = ParcelWanted | ParcelUnwanted;

const SOURCE = 'orders';

/** What a courier is asked for a task: its label once it is packed, and its undo once nobody sends it any more. */
export function parcelRequests(order: Order, events: readonly OrderEvent[]): ParcelRequest[] {
  return events.flatMap((event): ParcelRequest[] => {
    if (event.type !== 'task_changed' && event.type !== 'parcel_wanted') return [];
    const task = order.tasks.find(({ number }) => number === event.number)!;
    if (event.type === 'parcel_wanted') return [wanted(order, task)];
    return GIVEN_UP.has(event.state) && task.isParcelWanted ? [unwanted(order, task)] : [];
  });
}

const GIVEN_UP: ReadonlySet<Task['state']> = new Set(['REJECTED', 'TIMED_OUT', 'CANCELLED']);

function wanted({ orderId, placed }: Order, { number, location, lines }: Task): ParcelWanted {
  const parcelId = taskIdOf(orderId, number);
  return {
    type: 'wanted',
    id: `wanted/${parcelId}`,
    source: SOURCE,
    orderId,
    parcelId,
    store: location,
    method: placed.method,
    destination: placed.destination ?? {},
    lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
  };
}

function unwanted({ orderId }: Order, { number }: Task): ParcelUnwanted {
  const parcelId = taskIdOf(orderId, number);
  return { type: 'unwanted', id: `unwanted/${parcelId}`, source: SOURCE, orderId, parcelId };
}
