import type { MadePromise } from './made-promises.ts';
import type { StoredMovement } from './stored-movement.ts';

export interface Allocation {
  readonly location: string;
  readonly quantity: number;
}

/** NONE: nothing was ever held, or it was given back before anybody was told. */
export type EndState = 'ACTIVE' | 'COMMITTED' | 'FULFILLED' | 'RELEASED' | 'EXPIRED' | 'NONE';

/** What a customer was told. */
export interface AnsweredPromise extends MadePromise {
  /** By SKU. */
  readonly held: ReadonlyMap<string, readonly Allocation[]>;
  readonly state: EndState;
}

export interface StoredReservation {
  readonly reservationId: string;
  readonly sku: string;
  readonly state: string;
  readonly allocations: readonly Allocation[];
}

const isLive = (state: string): boolean => state === 'ACTIVE' || state === 'COMMITTED';

/** Reservations that are not what their customers were told, by `id|sku`. */
export function wrongReservations(
  answered: ReadonlyMap<string, AnsweredPromise>,
  stored: ReadonlyMap<string, StoredReservation>,
): string[] {
  const wrong: string[] = [];
  for (const { id, lines, held, state } of answered.values())
    for (const { sku } of lines) {
      const found = stored.get(`${id}|${sku}`);
      const allocations = held.get(sku);
      const isAsTold = allocations
        ? found?.state === state && sameUnits(found.allocations, allocations)
        : !found || found.state === 'RELEASED' || found.state === 'EXPIRED';
      if (!isAsTold) wrong.push(`${id}|${sku}: told ${allocations ? state : 'NONE'}, stored ${found?.state ?? 'NONE'}`);
    }
  const unknown = [...stored.values()].filter(
    ({ reservationId, state }) => isLive(state) && !answered.has(reservationId),
  );
  return [...wrong, ...unknown.map(({ reservationId, sku }) => `${reservationId}|${sku}: held, and nobody was told`)];
}

const sameUnits = (left: readonly Allocation[], right: readonly Allocation[]): boolean =>
  JSON.stringify(byPlace(left)) === JSON.stringify(byPlace(right));
const byPlace = (allocations: readonly Allocation[]) =>
  allocations.map(({ location, quantity }) => `${location} ${quantity}`).sort();

/** Units that promises take off levels, by `sku@location`: reserved while they live, gone once fulfilled. */
export function promisedUnits(
  answered: ReadonlyMap<string, AnsweredPromise>,
): { readonly key: string; readonly onHand: number; readonly reserved: number }[] {
  return [...answered.values()].flatMap(({ held, state }) =>
    [...held].flatMap(([sku, allocations]) =>
      allocations.map(({ location, quantity }) => ({
        key: `${sku}@${location}`,
        onHand: state === 'FULFILLED' ? -quantity : 0,
        reserved: isLive(state) ? quantity : 0,
      })),
    ),
  );
}

/** Promises that were made of more than stood there at that moment: summed up from nothing, movement by movement. */
export function oversold(movements: readonly StoredMovement[]): string[] {
  const free = new Map<string, number>();
  const found: string[] = [];
  for (const { id, type, sku, effects } of [...movements].sort((a, b) => a.version - b.version))
    for (const { location, onHand = 0, reserved = 0, damaged = 0, qualityControl = 0 } of effects) {
      const key = `${sku}@${location}`;
      const units = (free.get(key) ?? 0) + onHand - reserved - damaged - qualityControl;
      free.set(key, units);
      if (type === 'reserve' && reserved > 0 && units < 0) found.push(`${id} at ${key}: ${-units} units too many`);
    }
  return found;
}
