import type { ShownFigures } from './domain/availability.js';
import type { Level, Reservation } from './domain/stock.js';
import { type TraceFields, toTraceFields, toTraces } from './lot-documents.js';

/** What the ledger stores of a level, beside what a decision reads: the figures that were shown with it. */
export interface LevelToStore {
  readonly sku: string;
  readonly partition: number;
  readonly level: Level;
  readonly shown: ShownFigures;
}
export interface ReservationToStore {
  readonly sku: string;
  readonly partition: number;
  readonly reservation: Reservation;
}

export interface LevelDocument
  extends Omit<
      Level,
      'countedAtMs' | 'newestFactAtMs' | 'asOfMs' | 'expected' | 'ringFences' | 'lots' | 'serials' | 'expired'
    >,
    TraceFields {
  _id: string;
  sku: string;
  partition: number;
  /** Document, units, and when they are expected where it is told. */
  expected: ([string, number] | [string, number, number])[];
  ringFences: [string, number][];
  countedAt: Date | null;
  newestFactAt: Date;
  asOf: Date;
  safetyStock: number;
  available: number;
  confidence: number;
  unreferenced: boolean;
  expired?: number;
}
export interface ReservationDocument extends Omit<Reservation, 'expiresAtMs'> {
  _id: string;
  sku: string;
  partition: number;
  expiresAt: Date;
}
export interface ConfirmationDocument {
  _id: string;
  partition: number;
  location: string;
  seenAt: Date;
}

export const reservationDocumentId = (reservationId: string, sku: string): string => `${reservationId}|${sku}`;

export const toLevel = (document: LevelDocument): Level => {
  const level = toPlainLevel(document);
  return document.lots === undefined && document.serials === undefined ? level : { ...level, ...toTraces(document) };
};
const toPlainLevel = (document: LevelDocument): Level => ({
  location: document.location,
  onHand: document.onHand,
  reserved: document.reserved,
  damaged: document.damaged,
  qualityControl: document.qualityControl,
  incoming: document.incoming,
  expected: document.expected.map(([reference, units, atMs]) => ({
    reference,
    units,
    ...(atMs === undefined ? {} : { atMs }),
  })),
  ringFences: Object.fromEntries(document.ringFences),
  countedAtMs: document.countedAt?.getTime() ?? null,
  accuracy: document.accuracy,
  newestFactAtMs: document.newestFactAt.getTime(),
  safetyStock: document.safetyStock,
  unreferenced: document.unreferenced,
  asOfMs: document.asOf.getTime(),
  version: document.version,
  ...(document.promisedIncoming === undefined ? {} : { promisedIncoming: document.promisedIncoming }),
});

export const toLevelDocument = (toStore: LevelToStore): LevelDocument => {
  const { lots, serials } = toStore.level;
  const document = toPlainDocument(toStore);
  return lots === undefined && serials === undefined ? document : { ...document, ...toTraceFields(toStore.level) };
};
const toPlainDocument = ({ sku, partition, level, shown }: LevelToStore): LevelDocument => ({
  _id: `${sku}@${level.location}`,
  sku,
  location: level.location,
  partition,
  onHand: level.onHand,
  reserved: level.reserved,
  damaged: level.damaged,
  qualityControl: level.qualityControl,
  incoming: level.incoming,
  expected: level.expected.map(({ reference, units, atMs }) =>
    atMs === undefined ? [reference, units] : [reference, units, atMs],
  ),
  ringFences: Object.entries(level.ringFences),
  countedAt: level.countedAtMs === null ? null : new Date(level.countedAtMs),
  accuracy: level.accuracy,
  newestFactAt: new Date(level.newestFactAtMs),
  asOf: new Date(level.asOfMs),
  version: level.version,
  ...(level.promisedIncoming === undefined ? {} : { promisedIncoming: level.promisedIncoming }),
  ...shown,
});

export const toReservation = (document: ReservationDocument): Reservation => ({
  reservationId: document.reservationId,
  state: document.state,
  allocations: document.allocations,
  ...(document.awaited ? { awaited: document.awaited } : {}),
  expiresAtMs: document.expiresAt.getTime(),
  request: document.request,
  channel: document.channel,
  demand: document.demand,
  madeVersion: document.madeVersion,
  version: document.version,
});

export const toReservationDocument = ({
  sku,
  partition,
  reservation: { expiresAtMs, ...rest },
}: ReservationToStore): ReservationDocument => ({
  _id: reservationDocumentId(rest.reservationId, sku),
  sku,
  partition,
  expiresAt: new Date(expiresAtMs),
  ...rest,
});
