import { createHash } from 'node:crypto';
import type { Fulfil, ReservationMode } from '@shelfline/contracts/stock-delta';
import type { Allocation, ReservationOutcome, ReservationState } from '@shelfline/contracts/stock-outcome';

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
  /** Of a reservation that the id belongs to already. */
  readonly state?: ReservationState;
}
export type ReservationResult =
  /** `isRepeat`: it was decided earlier, and what was reserved then may have ended since. */
  | { readonly kind: 'reserved'; readonly lines: readonly LineResult[]; readonly isRepeat: boolean }
  /** `unanswered`: SKUs whose giving back was not confirmed in time. */
  | { readonly kind: 'refused'; readonly lines: readonly LineResult[]; readonly unanswered: readonly string[] }
  | { readonly kind: 'unknown'; readonly skus: readonly string[] };

/** `isRepeat`: the same command came before, and this is what was answered then. */
export type LedgerAnswer = ReservationOutcome & { readonly isRepeat: boolean };
/** How commands reach the ledger and answers come back; the answer is undefined when none came in time. */
export interface LedgerPort {
  ask(command: ReservationCommand): Promise<LedgerAnswer | undefined>;
}
export type AskedStep = 'release' | 'commit' | 'fulfil';
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
      readonly together?: string;
    }
  | ({
      readonly type: AskedStep;
      readonly reservationId: string;
      readonly sku: string;
      readonly reason?: string;
    } & PickedUnits);
/** Of what is fulfilled, which lots and pieces it was. */
export type PickedUnits = Pick<Fulfil, 'lots' | 'serials'>;

const lineResult = (line: ReservationLine, outcome: ReservationOutcome): LineResult => {
  const reserved = outcome.allocations.reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    sku: line.sku,
    requested: line.quantity,
    reserved,
    short: outcome.shortUnits,
    allocations: outcome.allocations,
    ...(outcome.reason ? { reason: outcome.reason } : {}),
    ...(outcome.result === 'refused' && outcome.state ? { state: outcome.state } : {}),
  };
};

/**
 * One atomic decision per SKU; across SKUs a refused line releases the others again (except in mode `partial`). A crash
 * in between leaves holds that end with their `expiresAt`; asking again with the same id repeats nothing. Every line of
 * several carries the digest of them all, so that an id used again with other lines is refused where the first holds,
 * and giving back can only reach what this request itself was given.
 */
export async function reserveLines(request: ReservationRequest, ledger: LedgerPort): Promise<ReservationResult> {
  const { id, lines, mode, expiresAt } = request;
  const together = lines.length > 1 ? { together: digestOf(request) } : {};
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
        ...together,
      }),
    ),
  );
  const unanswered = lines.filter((_, i) => outcomes[i] === undefined).map(({ sku }) => sku);
  if (unanswered.length > 0) return { kind: 'unknown', skus: unanswered };
  const results = lines.map((line, i) => lineResult(line, outcomes[i]!));
  const refused = results.filter(({ reserved }) => reserved === 0);
  const failed = mode === 'partial' ? refused.length === results.length : results.some(({ short }) => short > 0);
  if (!failed) return { kind: 'reserved', lines: results, isRepeat: outcomes.some((outcome) => outcome!.isRepeat) };
  const held = results.filter(({ reserved }) => reserved > 0).map(({ sku }) => sku);
  const released = await stepLines('release', id, held, ledger, () => ({ reason: 'another line was refused' }));
  return {
    kind: 'refused',
    lines: results.map((line) => ({ ...line, reserved: 0, allocations: [] })),
    unanswered: released.unanswered,
  };
}

const ENDED: Partial<Record<ReservationState, string>> = { RELEASED: 'already_released', EXPIRED: 'already_expired' };

/**
 * Lines that were reserved once, as they are by what the ledger knows of them now: whoever asks again for what was given
 * back or ran out meanwhile must not take it for held. Undefined while all of them stand.
 */
export function endedLines(
  lines: readonly LineResult[],
  now: readonly { readonly sku: string; readonly state: ReservationState }[],
): readonly LineResult[] | undefined {
  const states = new Map(now.map(({ sku, state }) => [sku, state]));
  const isOver = ({ sku }: LineResult) => ENDED[states.get(sku) ?? 'ACTIVE'] !== undefined;
  if (!lines.some(isOver)) return undefined;
  return lines.map((line) => {
    if (!isOver(line)) return line;
    const state = states.get(line.sku)!;
    return { ...line, reserved: 0, short: line.requested, allocations: [], reason: ENDED[state]!, state };
  });
}

/** In whatever order the lines come. */
function digestOf({ lines, mode, expiresAt }: ReservationRequest): string {
  const content = lines
    .map(({ sku, quantity, locations, channel }) => JSON.stringify([sku, quantity, locations ?? null, channel ?? null]))
    .sort();
  return createHash('sha256')
    .update(JSON.stringify([content, mode, expiresAt]))
    .digest('base64url');
}

export interface StepResult {
  readonly done: readonly string[];
  readonly refused: readonly { readonly sku: string; readonly state?: ReservationState; readonly reason?: string }[];
  readonly unanswered: readonly string[];
  /** Of what is done, what the ledger has to say about it. */
  readonly noted: readonly { readonly sku: string; readonly reason: string }[];
}

/** One step of a reservation, SKU by SKU; a step taken before is done too. */
export async function stepLines(
  type: AskedStep,
  id: string,
  skus: readonly string[],
  ledger: LedgerPort,
  more: (sku: string) => PickedUnits & { readonly reason?: string } = () => ({}),
): Promise<StepResult> {
  const asked = await Promise.all(
    skus.map(async (sku) => ({
      sku,
      outcome: await ledger.ask({ type, reservationId: id, sku, ...more(sku) }),
    })),
  );
  return {
    done: asked.flatMap(({ sku, outcome }) => (outcome && outcome.result !== 'refused' ? [sku] : [])),
    refused: asked.flatMap(({ sku, outcome }) =>
      outcome?.result === 'refused' ? [{ sku, state: outcome.state, reason: outcome.reason }] : [],
    ),
    unanswered: asked.flatMap(({ sku, outcome }) => (outcome ? [] : [sku])),
    noted: asked.flatMap(({ sku, outcome }) =>
      outcome?.reason !== undefined && outcome.result !== 'refused' ? [{ sku, reason: outcome.reason }] : [],
    ),
  };
}
