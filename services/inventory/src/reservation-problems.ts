import type { ReservationState } from '@shelfline/contracts/stock-outcome';
import { type ProblemError, problem } from '@shelfline/service-kit/problem';
import type { AskedStep, LineResult } from './reservations.js';

interface Refusal {
  readonly slug: string;
  readonly title: string;
  readonly detail: (id: string, skus: string) => string;
}

/** Why a line is refused, as the ledger says it; the first that a request's lines name speaks for it. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  conflict: {
    slug: 'conflict',
    title: 'The id belongs to another reservation',
    detail: (id) =>
      `A reservation was made with the id ${id} before, with other content. It stands as it was made; nothing of this ` +
      `request is held. Use a new id, or look at the first at /api/inventory/reservations/${encodeURIComponent(id)} and ` +
      'release it by DELETE if it is no longer wanted.',
  },
  conflict_ended: {
    slug: 'conflict',
    title: 'The id belonged to another reservation',
    detail: (id) =>
      `A reservation was made with the id ${id} before, with other content, and is over: given back or run out. Nothing ` +
      'of this request is held, and an id is used once. Reserve with a new id.',
  },
  already_released: {
    slug: 'already-released',
    title: 'The reservation was released',
    detail: (id) =>
      `The reservation ${id} was given back, or released before it was made; nothing is held, and its id cannot be ` +
      'brought to life again. Reserve with a new id.',
  },
  ended: {
    slug: 'already-expired',
    title: 'The reservation has ended',
    detail: (id) =>
      `The time of the reservation ${id} was over and what it held was given back. Reserve with a new id and a later expiresAt.`,
  },
  already_expired: {
    slug: 'already-expired',
    title: 'The reservation would be over already',
    detail: () =>
      'Its expiresAt had passed when it was decided, so nothing is held. Reserve with a new id and an expiresAt in the ' +
      'future; if it was, compare the clocks.',
  },
  expires_too_late: {
    slug: 'expires-too-late',
    title: 'The reservation would hold too long',
    detail: () =>
      'Its expiresAt is further ahead than the ledger holds stock (LONGEST_HOLD_MS; 30 days unless told otherwise). ' +
      'Nothing is held; reserve with a new id and an earlier expiresAt.',
  },
  unknown_sku: {
    slug: 'unknown-sku',
    title: 'The catalog does not know a SKU',
    detail: (_, skus) =>
      `Only what the catalog knows can be promised; it does not know ${skus}. Nothing is held. Correct the SKU, or bring ` +
      'the product into the catalog, then reserve with a new id.',
  },
  unknown_location: {
    slug: 'unknown-location',
    title: 'The catalog does not know a location',
    detail: (_, skus) =>
      `A location named for ${skus} is not in the catalog. Nothing is held. Correct the locations, then reserve with a new id.`,
  },
  unknown_channel: {
    slug: 'unknown-channel',
    title: 'The catalog does not know the channel',
    detail: (_, skus) =>
      `The channel named for ${skus} is not in the catalog. Nothing is held. Correct the channel, then reserve with a new id.`,
  },
  inactive_channel: {
    slug: 'inactive-channel',
    title: 'The channel is not active',
    detail: (_, skus) =>
      `The channel named for ${skus} sells nothing at the moment. Nothing is held. Name another channel, or locations, with a new id.`,
  },
  short: {
    slug: 'short',
    title: 'Not everything could be reserved',
    detail: (_, skus) =>
      `There is too little of ${skus}; the lines say how much is short. Nothing is held; ask for less, or for other ` +
      'locations, with a new id.',
  },
};

function reasonOf({ reason, state }: LineResult): string | undefined {
  if (reason === 'already_expired' && state !== undefined) return 'ended';
  if (reason === 'conflict' && (state === 'RELEASED' || state === 'EXPIRED')) return 'conflict_ended';
  return reason;
}

const LISTED = 5;
const listed = (skus: readonly string[]): string =>
  skus.slice(0, LISTED).join(', ') + (skus.length > LISTED ? ` and ${skus.length - LISTED} more` : '');

/** 409, said as it is: whatever the reason, nothing of the request is held. */
export function refusedReservation(
  id: string,
  lines: readonly LineResult[],
  unanswered: readonly string[],
): ProblemError {
  const reasons = lines.map(reasonOf);
  const reason = Object.keys(REFUSALS).find((known) => reasons.includes(known)) ?? 'short';
  const { slug, title, detail } = REFUSALS[reason]!;
  const skus = lines.filter((line) => (reasonOf(line) ?? reason) === reason && line.short > 0).map(({ sku }) => sku);
  const late =
    unanswered.length > 0
      ? ` What was held of ${listed(unanswered)} is being given back; that was not confirmed yet, and ends with expiresAt at the latest.`
      : '';
  return problem(409, slug, title, detail(id, listed(skus)) + late, { id, lines });
}

export const unknownReservation = (id: string): ProblemError =>
  problem(
    404,
    'not-found',
    'There is no such reservation',
    `Nothing was reserved with the id ${id}, or it is still on its way (try again in a second). Check the id.`,
    { id },
  );

/** DELETE names no SKUs by itself, and the ledger keeps reservations by SKU. */
export const nothingToRelease = (id: string): ProblemError =>
  problem(
    404,
    'not-found',
    'There is no such reservation',
    `Nothing was reserved with the id ${id}, and nothing was done. If its request may still be on its way, send the ` +
      'DELETE again and name its SKUs (?sku=A&sku=B): then it will be refused when it comes.',
    { id },
  );

const DONE: Readonly<Record<AskedStep, string>> = { release: 'released', commit: 'committed', fulfil: 'fulfilled' };

export interface StoppedLine {
  readonly sku: string;
  readonly state?: ReservationState;
  readonly reason?: string;
}

/** 409 of a step that the state of a reservation does not allow. */
export function stepNotPossible(
  step: AskedStep,
  id: string,
  stopped: readonly StoppedLine[],
  done: readonly string[],
): ProblemError {
  const states = [...new Set(stopped.map(({ state }) => state?.toLowerCase() ?? 'not known'))].join(' or ');
  const others = done.length > 0 ? `${listed(done)} of it ${done.length > 1 ? 'were' : 'was'} ${DONE[step]}. ` : '';
  return problem(
    409,
    'not-possible',
    `The reservation cannot be ${DONE[step]}`,
    `${listed(stopped.map(({ sku }) => sku))} of ${id} is ${states} already, from which no way leads there. ${others}` +
      `${others === '' ? 'Nothing was changed. ' : ''}Look at it at /api/inventory/reservations/${encodeURIComponent(id)}; ` +
      'what is still wanted has to be reserved with a new id.',
    { id, lines: stopped },
  );
}

/** 409 of a fulfil that names other lots or serial numbers than the one that was recorded. */
export const fulfilledBefore = (id: string, skus: readonly string[]): ProblemError =>
  problem(
    409,
    'fulfilled-before',
    'The reservation was fulfilled before',
    `${listed(skus)} of ${id} had left already when this came, and the lots and serial numbers it names are not recorded: ` +
      'those of the first stand. Where these are the right ones, correct the lots by adjustments (POST ' +
      '/api/inventory/deltas): the units back into the lot that was named wrongly, and out of the right one.',
    { id, lines: skus.map((sku) => ({ sku, state: 'FULFILLED', reason: 'fulfilled_before' })) },
  );

const PICK_NOTES: Readonly<Record<string, string>> = {
  lot_short:
    'More units of a lot were picked than the ledger knew there. They have left, and the lot is below 0; check its name, and count it.',
  picked_beyond_held:
    'More lots or serial numbers were named than units were held. Those beyond are not recorded; check what was picked.',
  serial_unknown: 'A serial number was not known to stand there. The units have left all the same; check the numbers.',
};
export const sayPickNote = (reason: string): string => PICK_NOTES[reason] ?? 'See the description of the answer.';

export const notAnswered = (id: string, detail: string, skus: readonly string[]): ProblemError =>
  problem(503, 'unavailable', 'The ledger did not answer in time', detail, { id, skus });
