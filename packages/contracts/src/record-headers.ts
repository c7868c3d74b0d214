/** Version of the state that a compacted topic's record tells: a tombstone has no value to carry it. */
export const VERSION_HEADER = 'sl-version';
export const versionHeaders = (version: number): Record<string, string> => ({ [VERSION_HEADER]: String(version) });
/** 0 = it names none: older than any. */
export const versionInHeaders = (headers: Readonly<Record<string, string>>): number =>
  Number(headers[VERSION_HEADER] ?? 0);
/** Of a task that is closed, a tombstone on its topic: the state it closed with. */
export const STATE_HEADER = 'sl-state';
/** … and the day and the place whose capacity it counts against, as `2026-06-01 store-1`. */
export const WORKING_DAY_HEADER = 'sl-working-day';
