import { TOPICS } from '@shelfline/contracts/topics';
import type { LevelDocument } from '@shelfline/inventory/stock-documents';
import { toLevelDocument } from '@shelfline/inventory/stock-documents';
import { STOCK_IMAGES } from '@shelfline/inventory/stock-image-form';
import { StockQueries } from '@shelfline/inventory/stock-queries.repository';
import { imagesIn } from '@shelfline/streaming/image';
import { UnflushedReader } from '@shelfline/streaming/unflushed-reader';
import type { SeededRandom } from '../seeded-random.ts';
import type { LedgerDatabase } from './inventory-process.ts';
import type { Machine } from './machine.ts';
import { type RemoteOptions, remote } from './remote.ts';
import { PLACES, SKUS, START_MS, TROUBLE_MS } from './setting.ts';

const ASKS_WITHIN_MS = 500;
type Level = Pick<LevelDocument, 'version' | 'onHand' | 'reserved'>;

interface CopiesFilter {
  readonly _id: { readonly $in?: readonly string[] };
}

/** Who shows levels by REST and owns no partition: the real queries over the ledger's database. */
export class LevelReader {
  readonly wrongs: string[] = [];
  /** What it showed when all had come to rest. */
  readonly atRest = new Map<string, Level | null>();
  asked = 0;
  private readonly queries: StockQueries;
  private readonly ledger: LedgerDatabase;
  private readonly machine: Machine;
  private readonly random: SeededRandom;

  constructor(ledger: LedgerDatabase, toDatabase: RemoteOptions) {
    this.ledger = ledger;
    this.machine = toDatabase.machine;
    this.random = toDatabase.random;
    const connection = connectionTo(ledger, toDatabase) as never;
    this.queries = new StockQueries(connection, new UnflushedReader(connection, TOPICS.deltas.name, STOCK_IMAGES));
  }

  start(): void {
    const { scheduler } = this.machine;
    const next = () => {
      if (scheduler.now() > START_MS + TROUBLE_MS) return;
      void this.ask(this.random.pick(SKUS), this.random.pick(PLACES)).catch(() => {});
      scheduler.at(scheduler.now() + this.random.next() * ASKS_WITHIN_MS, next);
    };
    scheduler.at(START_MS, next);
  }

  /** To be called when nothing changes any more. */
  askAtRest(): void {
    this.atRest.clear();
    for (const sku of SKUS)
      for (const place of PLACES) void this.ask(sku, place).then((level) => this.atRest.set(`${sku}@${place}`, level));
  }

  private async ask(sku: string, place: string): Promise<Level | null> {
    const key = `${sku}@${place}`;
    const committed = committedVersion(this.ledger, key);
    const level = await this.queries.findLevel(sku, place);
    this.asked++;
    if ((level?.version ?? 0) < committed)
      this.wrongs.push(
        `a reader is shown ${key} at version ${level?.version}, committed was ${committed} when it asked`,
      );
    return level;
  }
}

/** Tells whether a level has changed meanwhile. */
export const versionsOfLevels = ({ repository }: LedgerDatabase): string =>
  [...repository.levels].map(([key, { level }]) => `${key}:${level.version}`).join();

/** Of a level, whether it is in its collection already or not. */
function committedVersion({ repository, database }: LedgerDatabase, key: string): number {
  let version = repository.levels.get(key)?.level.version ?? 0;
  for (const copy of database.images.values()) version = Math.max(version, versionsIn(copy).get(`level/${key}`) ?? 0);
  return version;
}

/** Of stored copies, which never change: each is asked for some hundred times. */
const versions = new WeakMap<object, ReadonlyMap<string, number>>();
function versionsIn(copy: { readonly json: string }): ReadonlyMap<string, number> {
  let found = versions.get(copy);
  if (!found) {
    const images = [...imagesIn(copy.json, STOCK_IMAGES)].sort((a, b) => a.version - b.version);
    versions.set(copy, (found = new Map(images.map(({ key, version }) => [key, version]))));
  }
  return found;
}

/** As much of a connection as a query of one level uses. */
function connectionTo({ repository, database }: LedgerDatabase, toDatabase: RemoteOptions) {
  const far = remote(
    {
      readCopies: ({ _id: { $in } }: CopiesFilter) =>
        [...($in ?? database.images.keys())].flatMap((id) => {
          const image = database.images.get(id);
          return image ? [{ _id: id, images: image.json }] : [];
        }),
      findOne: ({ _id }: { readonly _id: string }) => {
        const stored = repository.levels.get(_id);
        return stored ? toLevelDocument(stored as never) : null;
      },
    },
    toDatabase,
  );
  const readCopies = far.readCopies as unknown as (filter: CopiesFilter) => Promise<{ _id: string; images: string }[]>;
  const copies = {
    find: (filter: CopiesFilter) => ({
      toArray: () => readCopies(filter),
      // A generator would take several turns for each of many thousand ids.
      [Symbol.asyncIterator]: () => {
        let found: Iterator<{ readonly _id: string }> | undefined;
        return { next: async () => (found ??= (await readCopies(filter)).values()).next() };
      },
    }),
  };
  return { collection: () => ({ findOne: far.findOne }), db: { collection: () => copies } };
}

/** Nobody is ever shown less than was committed when he asked, and at rest everybody is shown what is stored. */
export function readerWrongs(readers: readonly LevelReader[], { repository }: LedgerDatabase): string[] {
  return readers.flatMap(({ wrongs, atRest }) => [
    ...wrongs,
    ...[...atRest].flatMap(([key, shown]) => {
      const level = repository.levels.get(key)?.level;
      const isSame = shown?.onHand === level?.onHand && shown?.reserved === level?.reserved;
      return isSame ? [] : [`a reader is shown ${key} with ${shown?.onHand} on hand, stored are ${level?.onHand}`];
    }),
    ...(atRest.size === SKUS.length * PLACES.length ? [] : ['a reader was not answered at rest']),
  ]);
}
