export const REJECTION_TYPES = [
  'invalid',
  'unknown_type',
  'command_refused',
  'future_date',
  'too_old',
  'too_large',
  'duplicate_in_request',
  'unavailable',
] as const;
/** Why one item was not taken. `type` is for programs, `detail` for people. */
export type RejectionType = (typeof REJECTION_TYPES)[number];

export interface Reason {
  readonly type: RejectionType;
  readonly detail: string;
}
export interface Rejection extends Reason {
  /** Position in the request, from 0. */
  readonly index: number;
  /** The item's own id, when it has one that can be shown. */
  readonly id: string | null;
  readonly title: string;
}

const TITLES: Readonly<Record<RejectionType, string>> = {
  invalid: 'The item is not valid',
  unknown_type: 'There is no such type of delta',
  command_refused: 'This is a command, not a fact',
  future_date: 'The item is dated in the future',
  too_old: 'The item is dated too far back',
  too_large: 'The item is too large',
  duplicate_in_request: 'The item stands in the request twice',
  unavailable: 'The item could not be written at the moment',
};
const SHOWN_ID_CHARACTERS = 128;

export const rejection = (index: number, item: unknown, { type, detail }: Reason): Rejection => ({
  index,
  id: idOf(item),
  type,
  title: TITLES[type],
  detail,
});

function idOf(item: unknown): string | null {
  const id = typeof item === 'object' && item !== null ? (item as { id?: unknown }).id : undefined;
  return typeof id === 'string' ? id.slice(0, SHOWN_ID_CHARACTERS) : null;
}
