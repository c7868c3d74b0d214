import type { LotLevel } from '@shelfline/contracts/lot';
import { instantOf } from './domain/instant.js';
import { holdsNothing, type LotLayer } from './domain/lots.js';
import type { SerialAt } from './domain/serials.js';
import type { Level } from './domain/stock.js';

/** Lots and serial numbers as they lie in the database; none of the fields is there where a level has none. */
export interface LotDocument extends Omit<LotLayer, 'receivedAtMs' | 'countedAtMs'> {
  receivedAt: Date;
  countedAt: Date | null;
}
export interface TraceFields {
  lots?: LotDocument[];
  serials?: SerialAt[];
  /** Or serial numbers: it is in the partial indexes. */
  hasLots?: true;
}
type Traces = Pick<Level, 'lots' | 'serials' | 'expired'>;

export const toTraces = ({ lots, serials, expired }: TraceFields & { expired?: number }): Traces => ({
  ...(lots === undefined
    ? {}
    : {
        lots: lots.map(({ receivedAt, countedAt, ...layer }) => ({
          ...layer,
          receivedAtMs: receivedAt.getTime(),
          countedAtMs: countedAt?.getTime() ?? null,
        })),
      }),
  ...(serials === undefined ? {} : { serials }),
  ...(expired === undefined ? {} : { expired }),
});

export const toTraceFields = ({ lots, serials }: Traces): TraceFields => ({
  ...(lots === undefined
    ? {}
    : {
        hasLots: true as const,
        lots: lots.map(({ receivedAtMs, countedAtMs, ...layer }) => ({
          ...layer,
          receivedAt: new Date(receivedAtMs),
          countedAt: countedAtMs === null ? null : new Date(countedAtMs),
        })),
      }),
  ...(serials === undefined ? {} : { hasLots: true as const, serials: [...serials] }),
});

/** Lots as a level shows them: those of which something is there. */
export const lotsShown = (lots: readonly LotLayer[]): LotLevel[] =>
  lots
    .filter((layer) => !holdsNothing(layer))
    .map((layer) => ({
      lot: layer.lot,
      ...(layer.expiresOn === null ? {} : { expiresOn: layer.expiresOn }),
      receivedAt: instantOf(layer.receivedAtMs),
      onHand: layer.onHand,
      ...(layer.damaged === 0 ? {} : { damaged: layer.damaged }),
      ...(layer.qualityControl === 0 ? {} : { qualityControl: layer.qualityControl }),
    }));
