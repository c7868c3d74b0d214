import type { OrderMessage } from '@shelfline/contracts/order-message';
import type { StoreTask } from '@shelfline/contracts/order-view';
import { type Disposition, type ReturnCondition, ReturnMessage } from '@shelfline/contracts/return';
import type { SeededRandom } from '../seeded-random.ts';
import { PLACES } from './setting.ts';

const BROUGHT_BACK = 0.5;
const EXCHANGED = 0.3;
/** Somebody else does the same once more: it must find nothing left to do. */
const DONE_TWICE = 0.3;
const GOES: Readonly<Record<'as_new' | 'opened' | 'damaged', readonly Disposition[]>> = {
  as_new: ['restock', 'quality_control', 'hand_back', 'transfer'],
  opened: ['restock', 'quality_control', 'write_off', 'transfer'],
  damaged: ['write_off', 'hand_back', 'transfer'],
};

/** What a customer and a store do one after the other with pieces that come back; nothing, of most. */
export function broughtBack({ taskId, orderId, lines }: StoreTask, random: SeededRandom): OrderMessage[] {
  if (!random.chance(BROUGHT_BACK)) return [];
  const returnId = `R${taskId.slice(taskId.lastIndexOf('/') + 1)}`;
  const store = random.pick(PLACES);
  // A place may have a line in two parts.
  const units = new Map<string, number>();
  for (const { lineId, quantity } of lines) units.set(lineId, (units.get(lineId) ?? 0) + quantity);
  const some = [...units].map(([lineId, most]) => ({ lineId, units: random.between(1, most) }));
  const condition: ReturnCondition = random.pick(Object.keys(GOES) as (keyof typeof GOES)[]);
  const to = random.pick(GOES[condition as keyof typeof GOES]);
  const elsewhere = PLACES.filter((place) => place !== store);
  const whereTo = () => (to === 'transfer' ? { location: random.pick(elsewhere) } : {});
  const { sku } = lines[0]!;
  const exchange = { lines: [{ lineId: '1', sku, quantity: 1, unitPriceMinor: 100 }] };
  const step = (type: string, more: object, times = '') =>
    ReturnMessage.parse({
      type,
      id: `${type}-${taskId}${times}`,
      source: store,
      orderId,
      returnId,
      by: 'ann',
      ...more,
    });
  const disposed = { store, lines: some.map((line) => ({ ...line, to, ...whereTo() })) };
  return [
    step('return_requested', { lines: some, ...(random.chance(EXCHANGED) ? { exchange } : {}) }),
    step('return_received', { store, lines: some }),
    step('return_inspected', { store, lines: some.map((line) => ({ ...line, condition })) }),
    step('return_disposed', disposed),
    ...(random.chance(DONE_TWICE) ? [step('return_disposed', disposed, '-again')] : []),
    ...(random.chance(DONE_TWICE)
      ? [step('return_requested', { returnId: `${returnId}b`, lines: some }, '-again')]
      : []),
  ];
}
