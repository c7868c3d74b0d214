/**
 * Times as tills, spreadsheets and ERPs write them: with an offset, or as the clock on the wall showed them.
 */
const TIME = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}:?\d{2})?$/i;
const QUARTER_HOUR_MS = 15 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** UTC ms of a text time; undefined when it is no such time (also 30 February or 25:00). */
export type TimeReader = (text: string) => number | undefined;

/**
 * Reads times without an offset as clock time of `timeZone` (IANA name). A time skipped when clocks go forward is read
 * with the offset before the change; a time that occurs twice when they go back is the first one.
 * Throws RangeError for an unknown zone.
 */
export function timeReader(timeZone = 'UTC'): TimeReader {
  const offsetAt = timeZone === 'UTC' ? () => 0 : zoneOffset(timeZone);
  return (text) => {
    const match = TIME.exec(text);
    if (!match) return undefined;
    const [year, month, day, hour, minute] = [1, 2, 3, 4, 5].map((i) => Number(match[i])) as [
      number,
      number,
      number,
      number,
      number,
    ];
    const second = Number(match[6] ?? 0);
    const ms = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
    if (hour > 23 || minute > 59 || second > 59) return undefined;
    const clockMs = Date.UTC(year, month - 1, day, hour, minute, second, ms);
    if (new Date(clockMs).getUTCDate() !== day || new Date(clockMs).getUTCMonth() !== month - 1) return undefined;
    const offset = match[8];
    if (offset === undefined) return clockMs - localOffset(clockMs, offsetAt);
    return offset.toUpperCase() === 'Z' ? clockMs : clockMs - writtenOffsetMs(offset);
  };
}

/** The offset a day earlier wins wherever it fits: in a gap it is the one before, in an overlap the first. */
function localOffset(clockMs: number, offsetAt: (utcMs: number) => number): number {
  const before = offsetAt(clockMs - DAY_MS);
  if (offsetAt(clockMs - before) === before) return before;
  const after = offsetAt(clockMs + DAY_MS);
  return offsetAt(clockMs - after) === after ? after : before;
}

function writtenOffsetMs(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.slice(1).replace(':', '');
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
}

/** Offsets change only on quarter hours; Intl is slow and files are in time order, so a few answers are kept. */
function zoneOffset(timeZone: string): (utcMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const known = new Map<number, number>();
  return (utcMs) => {
    const quarter = Math.floor(utcMs / QUARTER_HOUR_MS);
    let offset = known.get(quarter);
    if (offset === undefined) {
      const name = format.formatToParts(quarter * QUARTER_HOUR_MS).find(({ type }) => type === 'timeZoneName');
      const written = (name?.value ?? '').replace('GMT', '');
      offset = written === '' ? 0 : writtenOffsetMs(written);
      if (known.size >= 1000) known.clear();
      known.set(quarter, offset);
    }
    return offset;
  };
}

const offsets = new Map<string, (utcMs: number) => number>();
/** The date that the calendar on the wall shows in `timeZone` (IANA name), YYYY-MM-DD; by UTC where nobody knows it. */
export function calendarDay(utcMs: number, timeZone = 'UTC'): string {
  let offsetAt = offsets.get(timeZone);
  if (!offsetAt) offsets.set(timeZone, (offsetAt = offsetOf(timeZone)));
  return dayText(Math.floor((utcMs + offsetAt(utcMs)) / DAY_MS));
}

const days = new Map<number, string>();
/** Asked for every level of every batch, mostly about the same few days. */
function dayText(day: number): string {
  let text = days.get(day);
  if (text === undefined) {
    text = new Date(day * DAY_MS).toISOString().slice(0, 10);
    if (days.size >= 1000) days.clear();
    days.set(day, text);
  }
  return text;
}

function offsetOf(timeZone: string): (utcMs: number) => number {
  if (timeZone === 'UTC') return () => 0;
  try {
    return zoneOffset(timeZone);
  } catch {
    return () => 0;
  }
}
