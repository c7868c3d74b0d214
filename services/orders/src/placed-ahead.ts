import type { FieldNote } from '@shelfline/contracts/catalog-outcome';
import { MAX_CLOCK_AHEAD_MS } from '@shelfline/contracts/identifiers';

/** An order of a year to come would stand before all others in every list, and nobody would see the new ones. */
export const placedAhead = ({ placedAt }: { readonly placedAt: string }, nowMs: number): FieldNote[] =>
  Date.parse(placedAt) <= nowMs + MAX_CLOCK_AHEAD_MS
    ? []
    : [
        {
          field: 'placedAt',
          code: 'future_date',
          detail: `is ${placedAt}, more than 24 hours ahead; check the clock of the source`,
        },
      ];
