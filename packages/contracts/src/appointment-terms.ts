import { z } from 'zod';

/** How a place takes appointments; none where it states nothing. */
export const AppointmentTerms = z.looseObject({
  slotMinutes: z.int().min(5).max(480).default(30),
  perSlot: z.int().min(0).max(1000).describe('Customers at the same time'),
  bookAheadDays: z.int().min(1).max(365).default(30),
});
export type AppointmentTerms = z.infer<typeof AppointmentTerms>;
