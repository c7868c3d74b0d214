import type { Connection } from 'mongoose';
import { type Image, type ImageForm, imagesIn, PLAIN } from './image.js';
import { IMAGES_COLLECTION, type ImagesDocument } from './mongo-documents.js';
import { databaseOf } from './mongo-partition-store.js';

/** Copies that are gone are let go of when they are more than those that are there. */
const MOST_GONE = 200;

/** Newest image of each document, by group and key. */
export interface UnflushedSnapshot {
  find(key: string): Image | undefined;
  inGroup(group: string): Iterable<Image>;
  all(): Iterable<Image>;
}

/**
 * What any process sees of the states that are committed and not in their collections yet, its own partitions or not:
 * the stored copies, read as far as they are new. An answer is as new as the last commit before the question. Images
 * that were written meanwhile may linger: whoever lays them over a document compares the versions.
 */
export class UnflushedReader {
  private readonly held = new Set<string>();
  private groups = new Map<string, Map<string, Image>>();
  private byKey = new Map<string, Image>();
  private running: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly stream: string,
    private readonly form: ImageForm = PLAIN,
  ) {}

  /** Ask before the documents themselves are read. */
  async current(): Promise<UnflushedSnapshot> {
    await this.refresh();
    const { groups, byKey } = this;
    return {
      find: (key) => byKey.get(key),
      inGroup: (group) => groups.get(group)?.values() ?? [],
      all: () => byKey.values(),
    };
  }

  /** One that is under way may have looked before the caller's commit: he waits for the one after it, as all do. */
  private refresh(): Promise<void> {
    if (!this.running) return this.begin();
    this.next ??= this.running
      .catch(() => {})
      .then(() => {
        this.next = undefined;
        return this.begin();
      });
    return this.next;
  }

  private begin(): Promise<void> {
    const running = this.read().finally(() => {
      if (this.running === running) this.running = undefined;
    });
    this.running = running;
    return running;
  }

  private async read(): Promise<void> {
    const collection = databaseOf(this.connection).collection<ImagesDocument>(IMAGES_COLLECTION);
    const there = new Set<string>();
    // By their ids, so that the index answers and no copy is fetched; '0' follows '/'.
    const ofStream = { _id: { $gte: `${this.stream}/`, $lt: `${this.stream}0` } };
    for await (const { _id } of collection.find(ofStream, { projection: { _id: 1 }, batchSize: 5000 })) there.add(_id);
    const gone = [...this.held].filter((id) => !there.has(id)).length;
    if (gone > MOST_GONE || (gone > 0 && there.size === 0)) this.forget();
    const fresh = [...there].filter((id) => !this.held.has(id));
    for (let i = 0; i < fresh.length; i += 100)
      for (const { _id, images } of await collection.find({ _id: { $in: fresh.slice(i, i + 100) } }).toArray()) {
        this.held.add(_id);
        for (const image of imagesIn(images, this.form)) this.take(image);
      }
  }

  private forget(): void {
    this.held.clear();
    // New ones: a snapshot that was handed out is still being read.
    this.groups = new Map();
    this.byKey = new Map();
  }

  private take(image: Image): void {
    const before = this.byKey.get(image.key);
    if (before && before.version >= image.version) return;
    this.byKey.set(image.key, image);
    let group = this.groups.get(image.group);
    if (!group) this.groups.set(image.group, (group = new Map()));
    group.set(image.key, image);
  }
}
