import type { Awaited } from '@shelfline/contracts/incoming';
import type { RecountedLots } from '@shelfline/contracts/lot';
import type { Allocation, ReservationState } from '@shelfline/contracts/stock-outcome';
import { type LotChanges, type LotLayer, lotsAfter, lotsRecounted } from './lots.js';
import { Overlay } from './overlay.js';
import { type SerialAt, type SerialsChange, serialsAfter, serialsOfLots } from './serials.js';

/** What is still expected at a level under one document; oldest first in the list. `''` = no document was named. */
export interface OpenExpectation {
  readonly reference: string;
  readonly units: number;
  /** Absent where nobody has told. */
  readonly atMs?: number;
}

/** One SKU at one location. Units; instants in ms UTC. */
export interface Level {
  readonly location: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly damaged: number;
  readonly qualityControl: number;
  readonly incoming: number;
  readonly expected: readonly OpenExpectation[];
  /** Units kept for a channel. */
  readonly ringFences: Readonly<Record<string, number>>;
  readonly countedAtMs: number | null;
  /** 0–1: how right counts found the figure, newest counts weigh most. */
  readonly accuracy: number;
  /** When the newest fact that moved onHand occurred: a count taken later need not look for facts after it. */
  readonly newestFactAtMs: number;
  /** Figures as they were last stored with it: a sweep sees by them that rules or the catalog changed. */
  readonly safetyStock: number;
  readonly unreferenced: boolean;
  /** When a fact last spoke of this level: its own promises make a figure no fresher. */
  readonly asOfMs: number;
  readonly version: number;
  /** In the order in which they are taken. Absent where no lot was ever named, as are the next two. */
  readonly lots?: readonly LotLayer[];
  readonly serials?: readonly SerialAt[];
  /** Units past their last day as they were last stored with it. */
  readonly expired?: number;
  /** Of `incoming`, what is promised already; never more than it. Absent = 0. */
  readonly promisedIncoming?: number;
}

export interface Reservation {
  readonly reservationId: string;
  readonly state: ReservationState;
  readonly allocations: readonly Allocation[];
  /** Promised against deliveries and not come yet. Absent = nothing. */
  readonly awaited?: readonly Awaited[];
  readonly expiresAtMs: number;
  /** What was asked for, to tell the same request again from another one under the same id. */
  readonly request: string;
  readonly channel: string | null;
  readonly demand: 'online' | 'carry_out' | null;
  /** Version of the record that made it: the newest promises are endangered first, however they went on. */
  readonly madeVersion: number;
  readonly version: number;
}

/** In these it holds stock. */
export const LIVE_STATES: readonly ReservationState[] = ['ACTIVE', 'COMMITTED'];
export const isLive = ({ state }: Reservation): boolean => LIVE_STATES.includes(state);

/** The request of a reservation that was released before it was made. */
export const TOMBSTONE = '';

/** Everything of one SKU: it has one writer, so a decision sees all of it. */
export interface Stock {
  readonly sku: string;
  readonly levels: ReadonlyMap<string, Level>;
  /** The live ones. */
  readonly reservations: ReadonlyMap<string, Reservation>;
  /** Finished ones too, and tombstones of what was released before it was known. */
  findReservation(id: string): Reservation | undefined;
  /** What channels could be given, as long as no level changes: thousands may ask in vain for the last piece. */
  readonly candidates?: Map<string, Candidates>;
}

export interface Candidate {
  readonly location: string;
  readonly units: number;
}
export interface Candidates {
  readonly atMs: number;
  /** In the order in which they are taken. */
  readonly list: readonly Candidate[];
}

export type LevelChange = {
  readonly [bucket in 'onHand' | 'reserved' | 'damaged' | 'qualityControl' | 'incoming' | 'promisedIncoming']?: number;
};

export type Recount = Pick<Level, 'onHand' | 'reserved' | 'damaged' | 'qualityControl' | 'incoming'> & {
  readonly lots?: RecountedLots;
};

export type StockEvent =
  /** Signed changes of one level's buckets. */
  | {
      readonly kind: 'stock_moved';
      readonly location: string;
      readonly change: LevelChange;
      readonly factAtMs?: number;
      readonly expected?: readonly OpenExpectation[];
      readonly counted?: { readonly atMs: number; readonly accuracy: number };
      readonly lots?: LotChanges;
      readonly serials?: SerialsChange;
    }
  | { readonly kind: 'reservation_set'; readonly reservation: Omit<Reservation, 'version' | 'madeVersion'> }
  | { readonly kind: 'ring_fence_set'; readonly location: string; readonly channel: string; readonly units: number }
  /** The level is what its movements add up to, whatever it showed. No stock moves, so their sum stays. */
  | { readonly kind: 'level_recounted'; readonly location: string; readonly recount: Recount }
  /** A fact took stock, or what is expected, below what is promised. */
  | {
      readonly kind: 'shortfall_found';
      readonly of?: 'incoming';
      readonly location: string;
      readonly shortUnits: number;
      readonly endangered: readonly { readonly reservationId: string; readonly quantity: number }[];
    }
  /** Goods came in: these reservations await nothing any more. */
  | {
      readonly kind: 'promises_met';
      readonly location: string;
      readonly met: readonly { readonly reservationId: string; readonly quantity: number }[];
    }
  /** What these reservations await is expected on another day; absent = nobody can tell it any more. */
  | {
      readonly kind: 'promises_moved';
      readonly location: string;
      readonly moved: readonly {
        readonly reservationId: string;
        readonly quantity: number;
        readonly expectedAt?: string;
      }[];
    }
  /** The answer to a command; a refusal is an event. */
  | {
      readonly kind: 'answered';
      readonly result: 'accepted' | 'partial' | 'refused' | 'unchanged';
      readonly reservationId: string;
      readonly state?: ReservationState;
      readonly allocations: readonly Allocation[];
      readonly awaited?: readonly Awaited[];
      readonly shortUnits: number;
      readonly reason?: string;
    }
  /** What came of a record that neither moved what it would have nor is answered. */
  | { readonly kind: 'noted'; readonly note: Note };

export const NOTES = [
  'absorbed_by_count',
  'superseded_count',
  'lot_short',
  'last_day_differs',
  'serial_lot_differs',
  'serial_repeated',
  'serial_unknown',
  'refused_unknown_sku',
  'refused_unknown_location',
  'refused_unknown_channel',
  'refused_outdated_recount',
] as const;
export type Note = (typeof NOTES)[number];

export const stockOf = (
  sku: string,
  levels: ReadonlyMap<string, Level>,
  reservations: ReadonlyMap<string, Reservation>,
): Stock => ({ sku, levels, reservations, findReservation: (id) => reservations.get(id) });

export const emptyStock = (sku: string): Stock => stockOf(sku, new Map(), new Map());

export const emptyLevel = (location: string): Level => ({
  location,
  onHand: 0,
  reserved: 0,
  damaged: 0,
  qualityControl: 0,
  incoming: 0,
  expected: [],
  ringFences: {},
  countedAtMs: null,
  accuracy: 1,
  newestFactAtMs: 0,
  safetyStock: 0,
  unreferenced: false,
  asOfMs: 0,
  version: 0,
});

/** Where and when an event is applied: the record's append time and the version its offset gives. */
export interface Applied {
  readonly recordedAtMs: number;
  readonly version: number;
  readonly isFact: boolean;
}

const NOTHING_RECALLED: ReadonlyMap<string, Reservation> = new Map();

/**
 * A batch's private copy of a SKU: levels and reservations that change are replaced here, the rest is read through.
 * Nothing of the base is touched, so an aborted batch leaves no trace.
 */
export class StockDraft implements Stock {
  readonly changedLevels = new Map<string, Level>();
  readonly changedReservations = new Map<string, Reservation>();
  readonly candidates = new Map<string, Candidates>();
  readonly levels: ReadonlyMap<string, Level>;
  readonly reservations: ReadonlyMap<string, Reservation>;

  /** `recalled`: finished reservations that commands of this batch name; seen here, and forgotten after it. */
  constructor(
    readonly base: Stock,
    private readonly recalled: ReadonlyMap<string, Reservation> = NOTHING_RECALLED,
  ) {
    this.levels = new Overlay(base.levels, this.changedLevels);
    this.reservations = new Overlay(base.reservations, this.changedReservations);
  }
  findReservation(id: string): Reservation | undefined {
    return this.reservations.get(id) ?? this.recalled.get(id);
  }
  get sku(): string {
    return this.base.sku;
  }
}

/** Applies one event to a draft. */
export function evolve(draft: StockDraft, event: StockEvent, { recordedAtMs, version, isFact }: Applied): void {
  switch (event.kind) {
    case 'stock_moved': {
      draft.candidates.clear();
      const level = draft.levels.get(event.location) ?? emptyLevel(event.location);
      const { change, counted } = event;
      const moved: Level = {
        ...level,
        onHand: level.onHand + (change.onHand ?? 0),
        reserved: level.reserved + (change.reserved ?? 0),
        damaged: level.damaged + (change.damaged ?? 0),
        qualityControl: level.qualityControl + (change.qualityControl ?? 0),
        incoming: level.incoming + (change.incoming ?? 0),
        expected: event.expected ?? level.expected,
        countedAtMs: counted?.atMs ?? level.countedAtMs,
        accuracy: counted?.accuracy ?? level.accuracy,
        newestFactAtMs: Math.max(level.newestFactAtMs, event.factAtMs ?? 0),
        asOfMs: isFact && !isOfSerialsOnly(event) ? recordedAtMs : level.asOfMs,
        version: Math.max(level.version, version),
      };
      const kept = event.lots || event.serials ? withTraces(moved, event) : moved;
      draft.changedLevels.set(event.location, change.promisedIncoming ? withPromised(kept, change) : kept);
      return;
    }
    case 'ring_fence_set': {
      draft.candidates.clear();
      const level = draft.levels.get(event.location) ?? emptyLevel(event.location);
      const { [event.channel]: _, ...others } = level.ringFences;
      const ringFences = event.units > 0 ? { ...others, [event.channel]: event.units } : others;
      draft.changedLevels.set(event.location, { ...level, ringFences, version: Math.max(level.version, version) });
      return;
    }
    case 'level_recounted': {
      draft.candidates.clear();
      const level = draft.levels.get(event.location) ?? emptyLevel(event.location);
      const { onHand, reserved, damaged, qualityControl, incoming, lots } = event.recount;
      draft.changedLevels.set(event.location, {
        ...(lots ? withLots(level, lotsRecounted(level.lots ?? [], lots, recordedAtMs)) : level),
        onHand,
        reserved,
        damaged,
        qualityControl,
        incoming,
        version: Math.max(level.version, version),
      });
      return;
    }
    case 'reservation_set': {
      const { reservationId } = event.reservation;
      const madeVersion = draft.findReservation(reservationId)?.madeVersion ?? version;
      draft.changedReservations.set(reservationId, { ...event.reservation, madeVersion, version });
      return;
    }
    case 'shortfall_found':
    case 'promises_met':
    case 'promises_moved':
    case 'answered':
    case 'noted':
      return;
  }
}

type Moved = Extract<StockEvent, { kind: 'stock_moved' }>;

function withTraces(level: Level, { lots, serials }: Moved): Level {
  const traced = serials ? { ...level, serials: serialsAfter(level.serials ?? [], serials) } : level;
  return lots ? withLots(traced, lotsAfter(level.lots ?? [], lots)) : traced;
}

function withPromised({ promisedIncoming = 0, ...level }: Level, change: LevelChange): Level {
  const promised = promisedIncoming + (change.promisedIncoming ?? 0);
  return promised === 0 ? level : { ...level, promisedIncoming: promised };
}

const withLots = (level: Level, lots: readonly LotLayer[]): Level => ({
  ...level,
  lots,
  ...(level.serials ? { serials: serialsOfLots(level.serials, lots) } : {}),
});

/** A piece came elsewhere: nobody has looked at this level. */
const isOfSerialsOnly = ({ change, lots, serials }: Moved): boolean =>
  serials !== undefined && serials.added === undefined && lots === undefined && Object.keys(change).length === 0;
