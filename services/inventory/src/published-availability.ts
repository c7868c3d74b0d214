import type { Availability } from '@shelfline/contracts/stock-level';
import type { Table } from '@shelfline/streaming/table';

/** What `inventory.availability` shows, by its key. */
export interface PublishedAvailability {
  get(key: string): Availability | undefined;
}

/** Texts are read when somebody asks: the ledger publishes thousands a second and looks at few of them. */
export const readWhenAsked = (table: Table<string>): PublishedAvailability => ({
  get: (key) => {
    const text = table.get(key);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as Availability;
    } catch {
      return undefined;
    }
  },
});
