import type { ImageForm } from '@shelfline/streaming/image';
import type { Level, Reservation } from './domain/stock.js';
import type { LevelToStore, ReservationToStore } from './stock-documents.js';
import { levelImage, reservationImage, type StockImage } from './stock-images.js';

const LEVEL = 0;
const RESERVATION = 1;

/** Of a level that has nothing but figures. */
type LevelRow = readonly [
  kind: typeof LEVEL,
  sku: string,
  partition: number,
  location: string,
  version: number,
  onHand: number,
  reserved: number,
  damaged: number,
  qualityControl: number,
  incoming: number,
  safetyStock: number,
  unreferenced: 0 | 1,
  countedAtMs: number | null,
  accuracy: number,
  newestFactAtMs: number,
  asOfMs: number,
  available: number,
  confidence: number,
];
type ReservationRow = readonly [
  kind: typeof RESERVATION,
  sku: string,
  partition: number,
  reservationId: string,
  version: number,
  state: Reservation['state'],
  allocations: Reservation['allocations'],
  expiresAtMs: number,
  request: string,
  channel: Reservation['channel'],
  demand: Reservation['demand'],
  madeVersion: number,
];

function levelRow({ sku, partition, level, shown }: LevelToStore): LevelRow {
  return [
    LEVEL,
    sku,
    partition,
    level.location,
    level.version,
    level.onHand,
    level.reserved,
    level.damaged,
    level.qualityControl,
    level.incoming,
    level.safetyStock,
    level.unreferenced ? 1 : 0,
    level.countedAtMs,
    level.accuracy,
    level.newestFactAtMs,
    level.asOfMs,
    shown.available,
    shown.confidence,
  ];
}

function levelOf([
  ,
  sku,
  partition,
  location,
  version,
  onHand,
  reserved,
  damaged,
  qualityControl,
  incoming,
  safetyStock,
  isUnreferenced,
  countedAtMs,
  accuracy,
  newestFactAtMs,
  asOfMs,
  available,
  confidence,
]: LevelRow): StockImage {
  const unreferenced = isUnreferenced === 1;
  const level: Level = {
    location,
    onHand,
    reserved,
    damaged,
    qualityControl,
    incoming,
    expected: [],
    ringFences: {},
    countedAtMs,
    accuracy,
    newestFactAtMs,
    safetyStock,
    unreferenced,
    asOfMs,
    version,
  };
  return levelImage({ sku, partition, level, shown: { safetyStock, available, confidence, unreferenced } });
}

function hasOnlyFigures({ level, shown }: LevelToStore): boolean {
  if (level.expected.length > 0 || level.lots || level.serials || level.promisedIncoming) return false;
  if (level.expired !== undefined || shown.expired !== undefined) return false;
  if (shown.safetyStock !== level.safetyStock || shown.unreferenced !== level.unreferenced) return false;
  for (const _ in level.ringFences) return false;
  return true;
}

function reservationRow({ sku, partition, reservation }: ReservationToStore): ReservationRow {
  const { reservationId, version, state, allocations, expiresAtMs, request, channel, demand, madeVersion } =
    reservation;
  return [
    RESERVATION,
    sku,
    partition,
    reservationId,
    version,
    state,
    allocations,
    expiresAtMs,
    request,
    channel,
    demand,
    madeVersion,
  ];
}

function reservationOf([
  ,
  sku,
  partition,
  reservationId,
  version,
  state,
  allocations,
  expiresAtMs,
  request,
  channel,
  demand,
  madeVersion,
]: ReservationRow): StockImage {
  const reservation = {
    reservationId,
    state,
    allocations,
    expiresAtMs,
    request,
    channel,
    demand,
    madeVersion,
    version,
  };
  return reservationImage({ sku, partition, reservation });
}

/** Levels with more than figures and reservations that await goods, which are few, stand as they are; so does what a former version stored. */
export const STOCK_IMAGES: ImageForm = {
  toText: (image) => {
    const { state } = image as StockImage;
    if (state.kind === 'reservation') return JSON.stringify(state.reservation.awaited ? image : reservationRow(state));
    return JSON.stringify(hasOnlyFigures(state) ? levelRow(state) : image);
  },
  toImage: (parsed) => {
    if (!Array.isArray(parsed)) return parsed as StockImage;
    const row = parsed as unknown as LevelRow | ReservationRow;
    return row[0] === LEVEL ? levelOf(row) : reservationOf(row);
  },
};
