/**
 * A document's whole committed state, which is written to its collection only later (write-behind.ts). Until then it is
 * kept whole in the transaction that made it: after-images, as in a database's redo log, so that a new owner need not
 * decide anything again.
 */
export interface Image {
  /** Whatever is read together, e.g. the SKU. */
  readonly group: string;
  /** Names the document within the stream. */
  readonly key: string;
  /** Grows with every change of the document. */
  readonly version: number;
  /** Plain JSON. */
  readonly state: object;
}

/** Images as they were stored with a commit. */
export interface StoredImages {
  readonly id: string;
  readonly images: readonly Image[];
}

/** Of one stored document: even images of 50 kB each stay below MongoDB's 16 MB. */
const IMAGES_PER_DOCUMENT = 200;

/** `name` is unique to the commit. */
export function packImages(name: string, images: readonly Image[]): StoredImages[] {
  const packed: StoredImages[] = [];
  for (let from = 0; from < images.length; from += IMAGES_PER_DOCUMENT)
    packed.push({ id: `${name}/${from}`, images: images.slice(from, from + IMAGES_PER_DOCUMENT) });
  return packed;
}
