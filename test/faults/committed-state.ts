import { levelKey } from '@shelfline/contracts/identifiers';
import { TOPICS } from '@shelfline/contracts/topics';
import type { Connection, mongo } from 'mongoose';
import type { VersionedFigures } from './verdict.ts';

interface CheckpointRow {
  _id: string;
  epoch: number;
  next: number;
  published: number;
}
type LevelRow = VersionedFigures & { _id: string };
interface LevelImage {
  readonly state: {
    readonly kind: string;
    readonly sku: string;
    readonly level: VersionedFigures & { readonly location: string };
  };
}

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
    const rows = this.collection<{ _id: string; content: string }>('movements').find(
      {},
      { projection: { content: 1 } },
    );
    for await (const { content } of rows) {
      const { id } = JSON.parse(content) as { id: string };
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  }

  /** The collection, and over it what was committed and is not written there yet. */
  async levels(): Promise<Map<string, VersionedFigures>> {
    const images = await this.collection<{ _id: string; images: string }>('unflushed_images').find({}).toArray();
    const rows = await this.collection<LevelRow>('levels').find({}).toArray();
    const levels = new Map<string, VersionedFigures>(rows.map((row) => [row._id, row]));
    for (const { images: text } of images)
      for (const { state } of JSON.parse(text) as LevelImage[]) {
        if (state.kind !== 'level') continue;
        const key = levelKey(state.sku, state.level.location);
        if ((levels.get(key)?.version ?? -1) < state.level.version) levels.set(key, state.level);
      }
    return levels;
  }

  deadLetters(): Promise<number> {
    return this.collection('dead_letters').countDocuments({});
  }

  private collection<T extends mongo.Document>(name: string): mongo.Collection<T> {
    return this.ledger.collection(name) as unknown as mongo.Collection<T>;
  }
}
