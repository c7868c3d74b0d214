import type { Answered, Ask } from '../store-rest.js';

export interface RoundStop {
  readonly taskId: string;
  readonly orderId: string;
  /** Absent where nobody knows the point on the map. */
  readonly arriveAt?: string;
  readonly distanceM?: number;
  readonly promisedBy?: string;
  readonly lateMinutes?: number;
  readonly lateBecause?: string;
  readonly recipient?: string;
  readonly address?: string;
  readonly phone?: string;
  readonly visit?: { readonly guide: string; readonly from?: string; readonly until?: string };
}
export interface Round {
  readonly day?: string;
  readonly distanceM: number;
  readonly stops: readonly RoundStop[];
}

/** What the store's own people bring today, over REST. */
export class RoundDesk {
  constructor(
    private readonly store: string,
    private readonly ask: Ask,
  ) {}

  readonly today = (): Promise<Answered<Round>> =>
    this.ask('GET', `/api/orders/rounds?${new URLSearchParams({ store: this.store, day: 'today' })}`);
}

/** Everybody who brings something, in the order of their names. */
export const guidesOf = ({ stops }: Pick<Round, 'stops'>): string[] =>
  [...new Set(stops.flatMap(({ visit }) => (visit ? [visit.guide] : [])))].sort();
