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
  /** An array of images: thousands of small documents cost the driver ten times as much as one text. */
  readonly json: string;
}
/** How a service's images are written: fields' names would be half of what a commit stores. */
export interface ImageForm {
  /** JSON. */
  readonly toText: (image: Image) => string;
  /** Of what `JSON.parse` makes of that. */
  readonly toImage: (parsed: unknown) => Image;
}
export const PLAIN: ImageForm = { toText: (image) => JSON.stringify(image), toImage: (parsed) => parsed as Image };

/** Of a stored text. */
export const imagesIn = (json: string, { toImage }: ImageForm = PLAIN): readonly Image[] =>
  (JSON.parse(json) as unknown[]).map(toImage);

const IMAGES_PER_DOCUMENT = 200;
/** Far below MongoDB's 16 MB, whatever a level carries: one alone has 1 MB at the most, of which serial numbers are the largest part. */
const MAX_BYTES_PER_DOCUMENT = 4 * 1024 * 1024;
const MOST_BYTES_OF_A_CHARACTER = 3;

/** `name` is unique to the commit. */
export function packImages(name: string, images: readonly Image[], { toText }: ImageForm = PLAIN): StoredImages[] {
  const packed: StoredImages[] = [];
  let texts: string[] = [];
  let bytes = 0;
  const close = () => {
    if (texts.length > 0) packed.push({ id: `${name}/${packed.length}`, json: `[${texts.join(',')}]` });
    [texts, bytes] = [[], 0];
  };
  for (const image of images) {
    const text = toText(image);
    const most = text.length * MOST_BYTES_OF_A_CHARACTER;
    if (texts.length >= IMAGES_PER_DOCUMENT || bytes + most > MAX_BYTES_PER_DOCUMENT) close();
    texts.push(text);
    bytes += most;
  }
  close();
  return packed;
}
