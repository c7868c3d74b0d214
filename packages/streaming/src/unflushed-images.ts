import { type Image, type ImageForm, imagesIn, PLAIN, packImages, type StoredImages } from './image.js';

/** Images of one partition that are committed and perhaps not in their collections yet. */
interface Generation {
  /** By group and key, the newest. */
  readonly groups: Map<string, Map<string, Image>>;
  /** The stored copies that hold them; forgotten when all of them are written. */
  readonly storedIds: string[];
  size: number;
  sinceMs: number;
}

const emptyGeneration = (): Generation => ({ groups: new Map(), storedIds: [], size: 0, sinceMs: 0 });

/**
 * What is committed but stands in its collection only later. Readers look here first, then into the database, and take
 * the higher version: an image may be written any number of times, by a former owner too, and never takes a newer one's
 * place.
 *
 * Two generations: while one is being written, the next one gathers. So the stored copies of the first can be forgotten
 * as a whole, and whatever the second has of the same document need not be written twice.
 */
export class UnflushedImages {
  private committedAtMs = 0;
  private readonly partitions = new Map<number, { gathering: Generation; writing: Generation }>();

  constructor(private readonly form: ImageForm = PLAIN) {}

  /** For a commit; `name` is unique to it. */
  packed(name: string, images: readonly Image[]): StoredImages[] {
    return packImages(name, images, this.form);
  }

  /** Newest of each document of a group, in no order. Ask before the database is read, not after. */
  imagesOf(partition: number, group: string): readonly Image[] {
    const own = this.partitions.get(partition);
    if (!own) return [];
    const gathered = own.gathering.groups.get(group);
    const written = own.writing.groups.get(group);
    if (!written) return gathered ? [...gathered.values()] : [];
    if (!gathered) return [...written.values()];
    return [...new Map([...written, ...gathered]).values()];
  }

  *groups(partition: number): Iterable<string> {
    const own = this.partitions.get(partition);
    if (!own) return;
    yield* own.gathering.groups.keys();
    for (const group of own.writing.groups.keys()) if (!own.gathering.groups.has(group)) yield group;
  }

  sizeOf(partition: number): number {
    const own = this.partitions.get(partition);
    return own ? own.gathering.size + own.writing.size : 0;
  }
  /** When something was committed last. */
  get lastCommitMs(): number {
    return this.committedAtMs;
  }
  get size(): number {
    let size = 0;
    for (const partition of this.partitions.keys()) size += this.sizeOf(partition);
    return size;
  }

  /** A claim begins with what the owners before it left. */
  claimed(partition: number, stored: readonly StoredImages[], nowMs: number): void {
    this.partitions.delete(partition);
    for (const { id, json } of stored) this.committed(partition, [id], imagesIn(json, this.form), nowMs);
  }
  released(partition: number): void {
    this.partitions.delete(partition);
  }

  committed(partition: number, storedIds: readonly string[], images: readonly Image[], nowMs: number): void {
    if (images.length === 0) return;
    this.committedAtMs = nowMs;
    let own = this.partitions.get(partition);
    if (!own) this.partitions.set(partition, (own = { gathering: emptyGeneration(), writing: emptyGeneration() }));
    const { gathering } = own;
    if (gathering.size === 0) gathering.sinceMs = nowMs;
    gathering.storedIds.push(...storedIds);
    for (const image of images) {
      let group = gathering.groups.get(image.group);
      if (!group) gathering.groups.set(image.group, (group = new Map()));
      const before = group.get(image.key);
      if (!before) gathering.size++;
      if (!before || before.version <= image.version) group.set(image.key, image);
    }
  }

  /** Of any partition, the most. */
  get largest(): number {
    return Math.max(0, ...[...this.partitions.keys()].map((partition) => this.sizeOf(partition)));
  }

  /** Partitions with something to write that was committed at or before this time, the oldest first. */
  due(atMs: number): number[] {
    return [...this.partitions]
      .filter(([, { gathering, writing }]) => gathering.size > 0 && writing.size === 0 && gathering.sinceMs <= atMs)
      .sort(([, a], [, b]) => a.gathering.sinceMs - b.gathering.sinceMs)
      .map(([partition]) => partition);
  }

  /** What has gathered is to be written now. Undefined when there is nothing, or a round is under way. */
  beginRound(partition: number): FlushRound | undefined {
    const own = this.partitions.get(partition);
    if (!own || own.gathering.size === 0 || own.writing.size > 0) return undefined;
    own.writing = own.gathering;
    own.gathering = emptyGeneration();
    const { writing } = own;
    const isCurrent = () => this.partitions.get(partition) === own && own.writing === writing;
    return {
      storedIds: writing.storedIds,
      *images() {
        for (const [group, images] of writing.groups)
          for (const [key, image] of images) if (!own.gathering.groups.get(group)?.has(key)) yield image;
      },
      isCurrent,
      ended: () => {
        if (isCurrent()) own.writing = emptyGeneration();
      },
    };
  }
}

export interface FlushRound {
  readonly storedIds: readonly string[];
  /** To be written, without those that have changed again meanwhile: their turn comes with the next round. */
  images(): Iterable<Image>;
  /** False once the partition was released or claimed anew. */
  isCurrent(): boolean;
  /** All are written: the memory of them may go. */
  ended(): void;
}
