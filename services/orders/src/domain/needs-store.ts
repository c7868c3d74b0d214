import type { FulfilmentMethod } from '@shelfline/contracts/order';

/** It leaves the house where the customer is, not where a parcel goes. */
export const needsStore = (method: FulfilmentMethod): boolean => method === 'pickup' || method === 'carry_out';
