import { createIndexIfMissing } from '@shelfline/streaming/mongo-indexes';
import type { Connection, mongo } from 'mongoose';

export interface SimulatedParcel {
  readonly parcelId: string;
  readonly tracking: string;
  /** How often a label was asked for. */
  readonly asked: number;
  readonly isCancelled: boolean;
  readonly isReturned: boolean;
  /** Of its way, how many steps were told. */
  readonly told: number;
  /** When the next one happens; absent once it is over. */
  readonly dueAtMs?: number;
}
type Made = Pick<SimulatedParcel, 'parcelId' | 'tracking' | 'isReturned'> & { readonly dueAtMs?: number };
type ParcelDocument = Omit<SimulatedParcel, 'parcelId'> & { _id: string };

/** What the simulated courier remembers: the only file that knows its collection. */
export class SimulatedParcels {
  private readonly parcels: mongo.Collection<ParcelDocument>;

  constructor(connection: Connection) {
    this.parcels = connection.collection<ParcelDocument>(
      'simulated_parcels',
    ) as unknown as mongo.Collection<ParcelDocument>;
  }

  async prepare(): Promise<void> {
    await createIndexIfMissing(this.parcels, { dueAtMs: 1 });
  }

  /** Once; asked for again it is the one that there is. */
  async make({ parcelId, tracking, isReturned, dueAtMs }: Made): Promise<SimulatedParcel> {
    const begun = { tracking, isReturned, isCancelled: false, told: 0, ...(dueAtMs === undefined ? {} : { dueAtMs }) };
    const made = await this.parcels.findOneAndUpdate(
      { _id: parcelId },
      { $inc: { asked: 1 }, $setOnInsert: begun },
      { upsert: true, returnDocument: 'after' },
    );
    return { parcelId, ...made! };
  }

  async cancel(parcelId: string, tracking: string): Promise<'cancelled' | 'too_late'> {
    const known = await this.parcels.findOneAndUpdate(
      { _id: parcelId },
      { $setOnInsert: { tracking, asked: 0, isReturned: false, told: 0, isCancelled: true } },
      { upsert: true, returnDocument: 'after' },
    );
    if (known!.isCancelled) return 'cancelled';
    const { modifiedCount } = await this.parcels.updateOne(
      { _id: parcelId, told: 0 },
      { $set: { isCancelled: true }, $unset: { dueAtMs: 1 } },
    );
    return modifiedCount > 0 ? 'cancelled' : 'too_late';
  }

  async findDue(nowMs: number, limit: number): Promise<SimulatedParcel[]> {
    const due = await this.parcels
      .find({ dueAtMs: { $lte: nowMs } })
      .sort({ dueAtMs: 1 })
      .limit(limit)
      .toArray();
    return due.map(({ _id, ...parcel }) => ({ parcelId: _id, ...parcel }));
  }

  /** Another instance may have told it meanwhile. */
  async wasTold({ parcelId, told }: SimulatedParcel, nextAtMs: number | undefined): Promise<void> {
    const next = nextAtMs === undefined ? { $unset: { dueAtMs: 1 as const } } : { $set: { dueAtMs: nextAtMs } };
    await this.parcels.updateOne({ _id: parcelId, told }, { $inc: { told: 1 }, ...next });
  }
}
