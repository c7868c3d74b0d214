import { findNearestName } from '@shelfline/contracts/nearest-name';
import { FeedHeartbeat, StockFact } from '@shelfline/contracts/stock-delta';

/** A field that no rule reads: it is kept with the movement, and does nothing. */
export interface UnreadField {
  readonly field: string;
  /** How many of the accepted items have it. */
  readonly items: number;
  /** The field that was probably meant. */
  readonly meant?: string;
}

const SHOWN_FIELDS = 20;
const SHOWN_CHARACTERS = 60;

const READ_BY_TYPE: ReadonlyMap<string, ReadonlySet<string>> = new Map<string, ReadonlySet<string>>([
  ...StockFact.options.map(({ shape }): [string, Set<string>] => [shape.type.value, new Set(Object.keys(shape))]),
  ['heartbeat', new Set(Object.keys(FeedHeartbeat.shape))],
]);

/**
 * Senders may add fields of their own, so none is refused for them; but who writes `lotCode` for `lot` must hear that the
 * lot was not read.
 */
export class UnreadFields {
  private readonly found = new Map<string, { items: number; meant: string | undefined }>();

  note(item: { readonly type: string }): void {
    const read = READ_BY_TYPE.get(item.type);
    if (read === undefined) return;
    for (const field in item) {
      if (read.has(field)) continue;
      const known = this.found.get(field);
      if (known) known.items++;
      else if (this.found.size < SHOWN_FIELDS) {
        const absent = [...read].filter((name) => !Object.hasOwn(item, name));
        this.found.set(field, { items: 1, meant: findNearestName(field, absent) });
      }
    }
  }

  list(): UnreadField[] {
    return [...this.found].map(([field, { items, meant }]) => ({
      field: field.slice(0, SHOWN_CHARACTERS),
      items,
      ...(meant === undefined ? {} : { meant }),
    }));
  }
}
