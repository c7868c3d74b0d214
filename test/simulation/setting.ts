/** What all histories have in common. */
export const PARTITIONS = 2;
/** Processes of the ledger, after them those of the catalog, and then those of connect. */
export const SLOTS = 2;
export const CATALOG_SLOTS = 2;
export const CONNECT_SLOTS = 2;
/** Of orders, after all those, where a history has them. */
export const ORDERS_SLOTS = 2;
export const FIRST_ORDERS_SLOT = SLOTS + CATALOG_SLOTS + CONNECT_SLOTS;
export const GATEWAYS = 2;
/** Who shows levels by REST and owns nothing. */
export const READERS = 2;
export const SCREENS = 3;
export const SKUS = ['A-1', 'B-2', 'C-3', 'D-4', 'E-5'] as const;
/** Sold before it is there, where a history has it. */
export const AHEAD_SKU = 'F-6';
export const HANDLING_DAYS = 1;
/** Nobody told the catalog of it. */
export const UNKNOWN_SKU = 'X-9';
export const PLACES = ['hangzhou', 'chengdu', 'shenyang'] as const;
/** To orders the others are stores, which have to accept what they are given. */
export const WAREHOUSE = 'hangzhou';
export const UNKNOWN_PLACE = 'nowhere';
/** Some seconds before midnight at one of the places, so that lots end in the middle of a history. */
export const START_MS = Date.UTC(2026, 2, 1, 11, 59, 52);
export const MIDNIGHT_PLACE = 'chengdu';
export const MIDNIGHT_PLACE_AHEAD_MS = 12 * 3_600_000;
export const MIDNIGHT_AFTER_MS = 86_400_000 - ((START_MS + MIDNIGHT_PLACE_AHEAD_MS) % 86_400_000);
export const ENDING_LOT = { lot: 'ending', expiresOn: '2026-03-01' };
/** One has ended, one ends meanwhile at one of the places, one later, one never. */
export const LOTS: readonly { readonly lot: string; readonly expiresOn?: string }[] = [
  { lot: 'ended', expiresOn: '2026-02-28' },
  ENDING_LOT,
  { lot: 'later', expiresOn: '2026-04-01' },
  { lot: 'endless' },
];
/** Records come and servers fail for so long; then everything is well, and has time to come to rest. */
export const TROUBLE_MS = 16_000;
export const REST_MS = 26_000;
/** While changes wait to be written, so much more at a time, and no longer than to this end. */
export const MORE_REST_MS = 2000;
export const ANSWERED_WITHIN_MS = 1000;
export const LATEST_END_MS = START_MS + TROUBLE_MS + REST_MS + 20_000;
export const SESSION_TIMEOUT_MS = 3000;
/** Short, so that a history has gaps that are told and sources that fall silent. */
export const FEED_RULES = { quietAfterMs: 3000, gapGraceMs: 2000 };

/** What a customer shows in the first round, which has no second one here. */
export const handoverCode = (taskId: string): string => `code-${taskId}`;
