import { Controller, Inject } from '@nestjs/common';
import type { ParcelChange, ParcelMessage } from '@shelfline/contracts/parcel';
import { versionOf } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import { HandlesBatch } from '@shelfline/streaming/handles-batch';
import type { Batch, Decision } from '@shelfline/streaming/stream';
import { decideParcel, type Told } from '../domain/couriers/decide-parcel.js';
import type { Parcel } from '../domain/couriers/parcel.js';
import { CourierRunner } from './courier-runner.js';
import { PARCELS_DUE } from './couriers-intake.stream.js';
import { labelPath } from './label-path.js';
import { type ParcelEntry, parcelOutputs } from './parcel-outputs.js';
import { ParcelsRepository, type ParcelWrites } from './parcels.repository.js';

/** Of a partition, with one tick. */
const MOST_DUE = 50;
const SOURCE = 'couriers';

/** Which courier takes parcels from now on; undefined = none is set up, and nothing is asked. */
export class CourierChoice {
  constructor(readonly name: string | undefined) {}
}

/**
 * Topic `couriers.intake`, key orderId, in order per parcel. Couriers are asked after the commit, of what is due when a
 * tick is read; what they say comes back as a message. A repeat changes nothing.
 */
@Controller()
export class CouriersIntakeHandler {
  constructor(
    private readonly repository: ParcelsRepository,
    private readonly runner: CourierRunner,
    private readonly choice: CourierChoice,
    @Inject(PARCELS_DUE) private readonly due: EarliestDue,
  ) {}

  @HandlesBatch(TOPICS.courierIntake)
  async handleBatch({ items, partition, generation }: Batch<ParcelMessage>): Promise<Decision<ParcelWrites>> {
    const ids = new Set(items.flatMap((item) => (item.kind === 'message' ? [item.message.parcelId] : [])));
    const parcels = await this.repository.findParcels([...ids]);
    const changed = new Set<string>();
    const entries: ParcelEntry[] = [];
    for (const item of items) {
      if (item.kind === 'tick') continue;
      const { id, contentHash, message, record } = item;
      const { orderId, parcelId } = message;
      const version = versionOf(generation, record.offset);
      const base = { _id: id, contentHash, partition, offset: record.offset, orderId };
      const known = parcels.get(parcelId);
      // One that was asked for before goes on, is undone and is erased also where nobody is asked for new ones any more.
      const courier = known?.courier ?? this.choice.name;
      if (courier === undefined) {
        entries.push({ ...base, outcome: 'no_courier' });
        continue;
      }
      const decided = decideParcel(message, known, { atMs: record.timestampMs, version, courier, labelOf: labelPath });
      if (decided.kind !== 'applied') {
        entries.push({ ...base, outcome: decided.kind });
        continue;
      }
      parcels.set(parcelId, decided.parcel);
      changed.add(parcelId);
      const told = decided.told ? { told: changeOf(decided.parcel, decided.told) } : {};
      entries.push({ ...base, outcome: decided.kind, ...told });
    }
    const tick = items.findLast(({ kind }) => kind === 'tick');
    const nowMs = tick?.record.timestampMs;
    const due = nowMs === undefined ? [] : await this.due.find(this.repository, { partition, nowMs, limit: MOST_DUE });
    const writes = [...changed].map((id) => ({ partition, parcel: parcels.get(id)! }));
    return {
      entries,
      writes,
      outputs: entries.flatMap(parcelOutputs),
      committed: () => {
        this.due.committed(
          partition,
          writes.map(({ parcel }) => parcel.dueAtMs),
        );
        // What this batch has changed is asked with the next tick, as it then is.
        this.runner.ask(due.filter(({ parcelId }) => !changed.has(parcelId)));
      },
      nothingChanged: entries.length === 0,
    };
  }
}

const changeOf = ({ parcelId, orderId, courier, version }: Parcel, { atMs, ...told }: Told): ParcelChange => ({
  type: 'parcel',
  id: `${parcelId}/${told.change}/${version}`,
  source: SOURCE,
  orderId,
  taskId: parcelId,
  courier,
  at: new Date(atMs).toISOString(),
  ...told,
});
