import type { UnflushedReader } from '@shelfline/streaming/unflushed-reader';
import type { Connection, mongo } from 'mongoose';
import type { LotDocument } from './lot-documents.js';
import { type LevelDocument, toLevelDocument } from './stock-documents.js';
import { levelsIn, type StockImage } from './stock-images.js';
import { decodeCursor, encodeCursor, type Page } from './stock-queries.repository.js';

export interface LotFilter {
  readonly sku?: string | undefined;
  readonly location?: string | undefined;
  readonly lot?: string | undefined;
  /** YYYY-MM-DD. */
  readonly expiresBefore?: string | undefined;
}
/** A lot at a level; `layer` is undefined for what has no lot there. */
export interface LotRow {
  readonly level: LevelDocument;
  readonly layer: LotDocument | undefined;
}

/**
 * Lots of all levels, by SKU, place and lot. As the last commit left them: levels that are not in their collection yet
 * are laid over it.
 */
export class LotQueries {
  constructor(
    private readonly connection: Connection,
    private readonly unflushed: UnflushedReader,
  ) {}

  /** A page may be shorter than asked for, or empty, though others follow. */
  async findLots(filter: LotFilter, limit: number, cursor: string | undefined): Promise<Page<LotRow>> {
    const from = cursor === undefined ? undefined : positionIn(cursor);
    const { levels, last } = await this.levelsFrom(filter, from, limit + 1);
    const rows = levels.flatMap((level) =>
      rowsOf(level, filter).filter(({ layer }) => level._id !== from?.level || nameOf(layer) > from.lot!),
    );
    const items = rows.slice(0, limit);
    if (rows.length > limit) return { items, next: positionOf(items.at(-1)!) };
    return { items, next: last === undefined ? null : encodeCursor([last]) };
  }

  /** From a level on, in order; `last` is the level up to which was read where there are more. */
  private async levelsFrom(
    { sku, location, lot, expiresBefore }: LotFilter,
    from: Position | undefined,
    limit: number,
  ): Promise<{ levels: LevelDocument[]; last: string | undefined }> {
    const unflushed = await this.unflushed.current();
    const ofLot = {
      ...(lot === undefined ? {} : { lot }),
      ...(expiresBefore === undefined ? {} : { expiresOn: { $lt: expiresBefore } }),
    };
    const found = await this.levels
      .find({
        hasLots: true,
        ...(sku === undefined ? {} : { sku }),
        ...(location === undefined ? {} : { location }),
        ...(Object.keys(ofLot).length > 0 ? { lots: { $elemMatch: ofLot } } : {}),
        ...(from === undefined ? {} : { _id: from.lot === undefined ? { $gt: from.level } : { $gte: from.level } }),
      } as never)
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    const last = found.length === limit ? found.at(-1)!._id : undefined;
    const levels = new Map(found.map((level) => [level._id, level]));
    const images = (sku === undefined ? unflushed.all() : unflushed.inGroup(sku)) as Iterable<StockImage>;
    for (const image of levelsIn([...images])) {
      const key = `${image.sku}@${image.level.location}`;
      const isInPage = isAfter(key, from) && (last === undefined || key <= last);
      if (!isInPage || (location !== undefined && image.level.location !== location)) continue;
      if ((levels.get(key)?.version ?? -1) < image.level.version) levels.set(key, toLevelDocument(image));
    }
    const sorted = [...levels.values()].sort((a, b) => (a._id < b._id ? -1 : 1));
    return { levels: sorted, last };
  }

  private get levels(): mongo.Collection<LevelDocument> {
    return this.connection.collection('levels') as unknown as mongo.Collection<LevelDocument>;
  }
}

const nameOf = (layer: LotDocument | undefined): string => layer?.lot ?? '';
/** After a lot of a level, or after all of them. */
interface Position {
  readonly level: string;
  readonly lot?: string;
}
const positionOf = ({ level, layer }: LotRow): string => encodeCursor([level._id, nameOf(layer)]);
function positionIn(cursor: string): Position {
  const [level, lot] = decodeCursor(cursor, 1, 2).map(String);
  return { level: level!, ...(lot === undefined ? {} : { lot }) };
}
const isAfter = (key: string, from: Position | undefined): boolean =>
  from === undefined || key > from.level || (key === from.level && from.lot !== undefined);
const holds = ({ onHand, damaged, qualityControl }: LotDocument): boolean =>
  onHand !== 0 || damaged !== 0 || qualityControl !== 0;

function rowsOf(level: LevelDocument, { lot, expiresBefore }: LotFilter): LotRow[] {
  const { lots = [], serials = [] } = level;
  const rows: LotRow[] = lots
    .filter((layer) => holds(layer) && (lot === undefined || layer.lot === lot))
    .filter(({ expiresOn }) => expiresBefore === undefined || (expiresOn !== null && expiresOn < expiresBefore))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .map((layer) => ({ level, layer }));
  const isOfAll = lot === undefined && expiresBefore === undefined;
  const hasUnlotted = unlottedUnits(level) !== 0 || serials.some(([, of]) => of === '');
  return isOfAll && (lots.length > 0 || serials.length > 0) && hasUnlotted
    ? [{ level, layer: undefined }, ...rows]
    : rows;
}

export const unlottedUnits = ({ onHand, lots = [] }: LevelDocument): number =>
  lots.reduce((units, layer) => units - layer.onHand, onHand);
