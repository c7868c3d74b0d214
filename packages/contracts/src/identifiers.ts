import { z } from 'zod';

/**
 * Identifiers from outside are kept as strings, byte for byte. A location code holds no `@` and no `|`, since both join
 * keys (`sku@location`, `sku|channel|region`); a SKU holds no `|` and no control characters.
 */
// oxlint-disable no-control-regex -- control characters are exactly what is refused here
const printable = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(
      /^[^\u0000-\u0020\u007f-\u00a0|\u2028\u2029\ufeff\ufffd][^\u0000-\u001f\u007f|\u2028\u2029\ufeff\ufffd]*$/u,
      {
        error: 'must not start with a space, nor contain control characters or "|"',
      },
    );
// oxlint-enable no-control-regex
const code = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._:-]*$/u, {
    error: 'may hold letters, digits and . _ : - only, starting with a letter or digit',
  });

export const Sku = printable(64).describe('Stock keeping unit, as the brand writes it');
export const LocationCode = code.describe('Code of a place stock stands in');
export const ChannelCode = code.describe('Code of a sales channel');
export const RegionCode = code.describe('Code of a region');
export const OrganisationCode = code.describe('Code of an organisation');
export const SourceName = code.describe('System a record comes from, e.g. pos-330');
export const EventId = printable(128).describe('Identifier of the event, unique within its source');
export const ReservationId = printable(128).describe('Identifier of a reservation, chosen by the caller');

/** An instant with its offset (RFC 3339). The source's text is kept beside the UTC value. */
export const Instant = z.iso.datetime({ offset: true }).describe('RFC 3339 instant with offset or Z');
export const CalendarDate = z.iso.date().describe('Calendar date, YYYY-MM-DD');

/** No real delta moves more than a billion units; a larger figure is a barcode scanned into the quantity field. */
export const MAX_UNITS = 1_000_000_000;
export const Units = z.int().min(0).max(MAX_UNITS).describe('Whole units, 0 or more');
export const SignedUnits = z.int().min(-MAX_UNITS).max(MAX_UNITS).describe('Whole units, signed');

/** A hold that nobody commits keeps stock from everybody else, so it ends some day whatever was asked for. */
export const LONGEST_HOLD_MS = 30 * 24 * 60 * 60 * 1000;

/** A clock may run this far ahead of the broker's before its facts are refused as dated in the far future. */
export const MAX_CLOCK_AHEAD_MS = 24 * 60 * 60 * 1000;
export const EARLIEST_OCCURRED_AT_MS = Date.UTC(1990, 0, 1);

export const levelKey = (sku: string, location: string): string => `${sku}@${location}`;

/** The SKU may contain `@`, the location never does: the last one divides. */
export function parseLevelKey(key: string): { sku: string; location: string } {
  const at = key.lastIndexOf('@');
  return { sku: key.slice(0, at), location: key.slice(at + 1) };
}

export const availabilityKey = (sku: string, channel: string, region: string): string => `${sku}|${channel}|${region}`;
