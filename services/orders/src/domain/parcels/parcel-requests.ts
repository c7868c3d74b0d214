import type { ParcelErased, ParcelUnwanted, ParcelWanted } from '@shelfline/contracts/parcel';
import type { Order, Task } from '../order.js';
import type { OrderEvent } from '../order-events.js';
import { taskIdOf } from '../task-id.js';

export type ParcelRequest = ParcelWanted | ParcelUnwanted | ParcelErased;

const SOURCE = 'orders';

/**
 * What a courier is asked for a task: its label once it is packed, and its undo once nobody sends it any more. With the
 * customer of an order goes the address of its parcels.
 */
export function parcelRequests(order: Order, events: readonly OrderEvent[]): ParcelRequest[] {
  return events.flatMap((event): ParcelRequest[] => {
    if (event.type === 'customer_erased') return order.tasks.filter(hasParcel).map((task) => erased(order, task));
    if (event.type !== 'task_changed' && event.type !== 'parcel_wanted') return [];
    const task = order.tasks.find(({ number }) => number === event.number)!;
    if (event.type === 'parcel_wanted') return [wanted(order, task)];
    return GIVEN_UP.has(event.state) && task.isParcelWanted ? [unwanted(order, task)] : [];
  });
}

const hasParcel = ({ isParcelWanted }: Task): boolean => isParcelWanted === true;
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
    channel: placed.channel,
    method: placed.method,
    destination: placed.destination ?? {},
    lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
  };
}

function unwanted({ orderId }: Order, { number }: Task): ParcelUnwanted {
  const parcelId = taskIdOf(orderId, number);
  return { type: 'unwanted', id: `unwanted/${parcelId}`, source: SOURCE, orderId, parcelId };
}

function erased({ orderId }: Order, { number }: Task): ParcelErased {
  const parcelId = taskIdOf(orderId, number);
  return { type: 'erase', id: `erase/${parcelId}`, source: SOURCE, orderId, parcelId };
}
