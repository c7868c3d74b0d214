import { levelKey } from '@shelfline/contracts/identifiers';
import { TOPICS } from '@shelfline/contracts/topics';
import type { Connection, mongo } from 'mongoose';
import type { StoredReservation } from './promise-verdict.ts';
import { type StoredState, statesIn } from './stored-image.ts';
import { type MovementPack, movementsIn, type StoredMovement } from './stored-movement.ts';
import type { VersionedFigures } from './verdict.ts';

interface CheckpointRow {
  _id: string;
  epoch: number;
  next: number;
  published: number;
}
type LevelRow = VersionedFigures & { _id: string };
type ReservationRow = StoredReservation & { readonly version: number };

/** What the ledger has committed, asked of the database itself. */
export class CommittedState {
  private readonly ledger: Connection;

  constructor(ledger: Connection) {
    this.ledger = ledger;
  }

  /** Whether all up to these ends was applied and its outputs acknowledged by Kafka. */
  async hasPublishedUpTo(ends: readonly { partition: number; end: number }[]): Promise<boolean> {
    const rows = await this.collection<CheckpointRow>('checkpoints').find({}).toArray();
    const found = new Map(rows.map((row) => [row._id, row]));
    return ends.every(({ partition, end }) => {
      const row = found.get(`${TOPICS.deltas.name}/${partition}`);
      return end === 0 || (row !== undefined && row.next >= end && row.published >= end);
    });
  }

  /** Of each partition: its number of owners so far, and the first record not applied. */
  async progress(): Promise<Map<number, { readonly epoch: number; readonly next: number }>> {
    const prefix = `${TOPICS.deltas.name}/`;
    const rows = await this.collection<CheckpointRow>('checkpoints').find({}).toArray();
    return new Map(
      rows
        .filter(({ _id }) => _id.startsWith(prefix))
        .map(({ _id, epoch, next }) => [Number(_id.slice(prefix.length)), { epoch, next }]),
    );
  }

  /** Names of the stored images that no owner has written to their collections yet, by partition. */
  async unwrittenImages(): Promise<{ readonly id: string; readonly partition: number }[]> {
    const rows = await this.collection<{ _id: string; stream: string; partition: number }>('unflushed_images')
      .find({ stream: TOPICS.deltas.name }, { projection: { partition: 1 } })
      .toArray();
    return rows.map(({ _id: id, partition }) => ({ id, partition }));
  }

  async movementsById(): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for await (const pack of this.collection<MovementPack>('movements').find({}))
      for (const { id } of movementsIn(pack)) counts.set(id, (counts.get(id) ?? 0) + 1);
    return counts;
  }

  async movements(): Promise<StoredMovement[]> {
    return (await this.collection<MovementPack>('movements').find({}).toArray()).flatMap(movementsIn);
  }

  async movementsOf(skus: readonly string[]): Promise<StoredMovement[]> {
    const isAsked = new Set(skus);
    const packs = await this.collection<MovementPack>('movements')
      .find({ skus: { $in: [...skus] } })
      .toArray();
    return packs.flatMap(movementsIn).filter(({ sku }) => isAsked.has(sku));
  }

  /** The collection, and over it what was committed and is not written there yet. */
  async levels(): Promise<Map<string, VersionedFigures>> {
    const states = await this.states();
    const rows = await this.collection<LevelRow>('levels').find({}).toArray();
    const levels = new Map<string, VersionedFigures>(rows.map((row) => [row._id, row]));
    for (const state of states) {
      if (state.kind !== 'level') continue;
      const key = levelKey(state.sku, state.level.location);
      if ((levels.get(key)?.version ?? -1) < state.level.version) levels.set(key, state.level);
    }
    return levels;
  }

  /** By `id|sku`. */
  async reservations(): Promise<Map<string, StoredReservation>> {
    const states = await this.states();
    const rows = await this.collection<ReservationRow & { _id: string }>('reservations').find({}).toArray();
    const found = new Map<string, ReservationRow>(rows.map((row) => [`${row.reservationId}|${row.sku}`, row]));
    for (const state of states) {
      if (state.kind !== 'reservation') continue;
      const { sku, reservation } = state;
      const key = `${reservation.reservationId}|${sku}`;
      if ((found.get(key)?.version ?? -1) < reservation.version) found.set(key, { ...reservation, sku });
    }
    return found;
  }

  /** Asked before the collections are: one that is written in between is then seen twice, never not at all. */
  private async states(): Promise<StoredState[]> {
    const rows = await this.collection<{ _id: string; images: string }>('unflushed_images').find({}).toArray();
    return rows.flatMap(({ images }) => statesIn(images));
  }

  deadLetters(): Promise<number> {
    return this.collection('dead_letters').countDocuments({});
  }

  private collection<T extends mongo.Document>(name: string): mongo.Collection<T> {
    return this.ledger.collection(name) as unknown as mongo.Collection<T>;
  }
}
