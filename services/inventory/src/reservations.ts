import type { ReservationMode } from '@shelfline/contracts/stock-delta';
import type { Allocation, ReservationOutcome } from '@shelfline/contracts/stock-outcome';

/** What a caller asks for: several SKUs under one id. */
export interface ReservationRequest {
  readonly id: string;
  readonly lines: readonly ReservationLine[];
  readonly mode: ReservationMode;
  readonly expiresAt: string;
}
export interface ReservationLine {
  readonly sku: string;
  readonly quantity: number;
  readonly locations?: readonly string[];
  readonly channel?: string;
}
export interface LineResult {
  readonly sku: string;
  readonly requested: number;
  readonly reserved: number;
  readonly short: number;
  readonly allocations: readonly Allocation[];
  readonly reason?: string;
}
export type ReservationResult =
  | { readonly kind: 'reserved'; readonly lines: readonly LineResult[] }
  | { readonly kind: 'short'; readonly lines: readonly LineResult[] }
  | { readonly kind: 'unknown'; readonly skus: readonly string[] };

/** How commands reach the ledger and answers come back; the answer is undefined when none came in time. */
export interface LedgerPort {
  ask(command: ReservationCommand): Promise<ReservationOutcome | undefined>;
}
export type ReservationCommand =
  | {
      readonly type: 'reserve';
      readonly reservationId: string;
      readonly sku: string;
      readonly quantity: number;
      readonly locations?: readonly string[];
      readonly channel?: string;
      readonly mode: ReservationMode;
      readonly expiresAt: string;
    }
  | {
      readonly type: 'release';
      readonly reservationId: string;
      readonly sku: string;
      readonly reason?: string;
    };

const lineResult = (line: ReservationLine, outcome: ReservationOutcome): LineResult => {
  const reserved = outcome.allocations.reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    sku: line.sku,
    requested: line.quantity,
    reserved,
    short: outcome.shortUnits,
    allocations: outcome.allocations,
    ...(outcome.reason ? { reason: outcome.reason } : {}),
  };
};

/**
 * One atomic decision per SKU; across SKUs a refused line releases the others again (except in mode `partial`). A crash
 * in between leaves holds that end with their `expiresAt`; asking again with the same id repeats nothing.
 */
export async function reserveLines(request: ReservationRequest, ledger: LedgerPort): Promise<ReservationResult> {
  const { id, lines, mode, expiresAt } = request;
  const outcomes = await Promise.all(
    lines.map(({ sku, quantity, locations, channel }) =>
      ledger.ask({
        type: 'reserve',
        reservationId: id,
        sku,
        quantity,
        locations,
        channel,
        mode,
        expiresAt,
      }),
    ),
  );
  const unanswered = lines.filter((_, i) => outcomes[i] === undefined).map(({ sku }) => sku);
  if (unanswered.length > 0) return { kind: 'unknown', skus: unanswered };
  const results = lines.map((line, i) => lineResult(line, outcomes[i]!));
  const refused = results.filter(({ reserved }) => reserved === 0);
  const failed = mode === 'partial' ? refused.length === results.length : results.some(({ short }) => short > 0);
  if (!failed) return { kind: 'reserved', lines: results };
  const held = results.filter(({ reserved }) => reserved > 0).map(({ sku }) => sku);
  await releaseLines(id, held, 'another line was refused', ledger);
  return { kind: 'short', lines: results };
}

export async function releaseLines(
  id: string,
  skus: readonly string[],
  reason: string,
  ledger: LedgerPort,
): Promise<readonly string[]> {
  const outcomes = await Promise.all(
    skus.map((sku) => ledger.ask({ type: 'release', reservationId: id, sku, reason })),
  );
  return skus.filter((_, i) => outcomes[i] === undefined);
}
