import { createHash } from 'node:crypto';
import { ParcelStep } from '@shelfline/contracts/parcel';
import { z } from 'zod';
import type { Courier, LabelAnswer, ParcelNotice, ParcelToSend } from './courier.js';
import type { SimulatedParcel, SimulatedParcels } from './simulated-parcels.js';

/** Written into a recipient's name, they make the courier behave so. */
const REFUSED = 'SIMULATE-REFUSED';
const UNAVAILABLE = 'SIMULATE-UNAVAILABLE';
const RETURNED = 'SIMULATE-RETURNED';
const WAITS = 'SIMULATE-WAITS';

const DELIVERED_WAY: readonly ParcelStep[] = ['collected', 'out_for_delivery', 'delivered'];
const RETURNED_WAY: readonly ParcelStep[] = ['collected', 'out_for_delivery', 'failed', 'returned'];
export const wayOf = ({ isReturned }: SimulatedParcel): readonly ParcelStep[] =>
  isReturned ? RETURNED_WAY : DELIVERED_WAY;

const Notices = z.strictObject({
  events: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(128),
        parcel: z.string().min(3).max(80),
        step: ParcelStep,
        at: z.iso.datetime({ offset: true }),
        reason: z.string().min(1).max(200).optional(),
      }),
    )
    .min(1)
    .max(100),
});

/**
 * A whole courier on this machine: it numbers parcels, remembers what was cancelled, and tells by signed webhooks where they
 * are (simulated-journeys.ts). Its memory is a collection of its own, so that it outlives restarts as a real one would.
 */
export class SimulatedCourier implements Courier {
  readonly name = 'simulator';

  constructor(
    private readonly parcels: SimulatedParcels,
    private readonly stepMs: number,
    private readonly nowMs: () => number,
  ) {}

  async label({ parcelId, destination }: ParcelToSend): Promise<LabelAnswer> {
    const who = destination.recipient ?? '';
    if (who.includes(REFUSED)) return { kind: 'refused', reason: 'the address is not known to the courier' };
    const tracking = trackingOf(parcelId);
    const moves = who.includes(WAITS) ? {} : { dueAtMs: this.nowMs() + this.stepMs };
    const made = await this.parcels.make({ parcelId, tracking, isReturned: who.includes(RETURNED), ...moves });
    if (made.isCancelled) return { kind: 'refused', reason: 'it was cancelled before' };
    if (who.includes(UNAVAILABLE) && made.asked < 3) throw new Error('the simulated courier is out of service');
    return { kind: 'labelled', tracking: made.tracking };
  }

  cancel(parcelId: string): Promise<'cancelled' | 'too_late'> {
    return this.parcels.cancel(parcelId, trackingOf(parcelId));
  }

  readNotices(body: unknown): readonly ParcelNotice[] {
    return Notices.parse(body).events.map(({ parcel, ...event }) => ({ ...event, parcelId: parcel }));
  }
}

/** Of the parcel alone: whoever asks again hears the same number. */
const trackingOf = (parcelId: string): string =>
  `SIM${createHash('sha256').update(parcelId).digest('hex').slice(0, 12).toUpperCase()}`;
