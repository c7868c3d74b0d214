import { DeliveryTerms } from '@shelfline/contracts/delivery-terms';

const CARRIED = {
  method: 'courier',
  readyAfterMinutes: 60,
  readyWithinMinutes: 360,
  cutOff: '17:00',
  transit: [
    { upToKm: 200, minDays: 1, maxDays: 1 },
    { upToKm: 1000, minDays: 1, maxDays: 3 },
    { minDays: 2, maxDays: 5 },
  ],
};
const RIDDEN = {
  method: 'same_city',
  readyAfterMinutes: 20,
  readyWithinMinutes: 60,
  minutesPerKm: 4,
  windowMinutes: 30,
};
const VISIT = {
  method: 'guide_visit',
  readyAfterMinutes: 60,
  readyWithinMinutes: 240,
  minutesPerKm: 4,
  windowMinutes: 120,
};
const PICKUP = { method: 'pickup', readyAfterMinutes: 15, readyWithinMinutes: 120, feeMinor: 0 };
const CARRY_OUT = { method: 'carry_out', readyAfterMinutes: 0, readyWithinMinutes: 0, feeMinor: 0 };

const freeIn = (currency: string): readonly object[] => [
  { ...PICKUP, currency },
  { ...PICKUP, currency, collection: 'kerbside', readyAfterMinutes: 20 },
  { ...PICKUP, currency, collection: 'locker', readyAfterMinutes: 20 },
  { ...CARRY_OUT, currency },
];

/** As shipped, of a channel that states none: in its own currency a brand states what it asks. */
export const DEFAULT_TERMS: readonly DeliveryTerms[] = [
  { ...CARRIED, currency: 'CNY', feeMinor: 1000, nextParcelMinor: 600, freeFromMinor: 9900 },
  { ...RIDDEN, currency: 'CNY', feeMinor: 600, nextParcelMinor: 600, perKmMinor: 100, freeFromMinor: 29_900 },
  { ...VISIT, currency: 'CNY', feeMinor: 0 },
  ...freeIn('CNY'),
  { ...CARRIED, currency: 'EUR', feeMinor: 490, nextParcelMinor: 290, freeFromMinor: 5000 },
  { ...RIDDEN, currency: 'EUR', feeMinor: 590, nextParcelMinor: 590, perKmMinor: 50, freeFromMinor: 15_000 },
  { ...VISIT, currency: 'EUR', feeMinor: 0 },
  ...freeIn('EUR'),
  { ...CARRIED, currency: 'USD', feeMinor: 590, nextParcelMinor: 350, freeFromMinor: 5900 },
  { ...RIDDEN, currency: 'USD', feeMinor: 690, nextParcelMinor: 690, perKmMinor: 60, freeFromMinor: 15_900 },
  { ...VISIT, currency: 'USD', feeMinor: 0 },
  ...freeIn('USD'),
].map((terms) => DeliveryTerms.parse(terms));
