import { DeliveryTerms, type TransferLeg } from '@shelfline/contracts/delivery-terms';
import { findPromise, findReadyMs, type PromiseTime, type StartingPlace } from './promise-time.js';

/** As shipped: packed within a working day, driven overnight, unpacked in the morning. */
const DEFAULT_LEG: TransferLeg = {
  readyAfterMinutes: 60,
  readyWithinMinutes: 480,
  cutOff: '17:00',
  transit: [
    { upToKm: 50, minDays: 1, maxDays: 1 },
    { upToKm: 300, minDays: 1, maxDays: 2 },
    { minDays: 2, maxDays: 4 },
  ],
  deliveredFrom: '09:00',
  deliveredUntil: '14:00',
};

/**
 * When goods that lie elsewhere can be collected: packed and sent off while their place is open, on the road, then made
 * ready while the store is open. `from` is as far away as it is from the store.
 */
export function findTransferTime(
  terms: Pick<DeliveryTerms, 'transfer' | 'readyAfterMinutes' | 'readyWithinMinutes'>,
  from: StartingPlace,
  store: StartingPlace,
  nowMs: number,
): PromiseTime | undefined {
  const leg = DeliveryTerms.parse({
    ...(terms.transfer ?? DEFAULT_LEG),
    method: 'courier',
    currency: 'XXX',
    feeMinor: 0,
  });
  const there = findPromise(leg, from, nowMs);
  if (!there) return undefined;
  const earliestMs = findReadyMs(store, there.earliestMs, terms.readyAfterMinutes);
  const latestMs = findReadyMs(store, there.latestMs, Math.max(terms.readyAfterMinutes, terms.readyWithinMinutes));
  return earliestMs === undefined || latestMs === undefined ? undefined : { earliestMs, latestMs };
}
