import type { FieldNote } from '@shelfline/contracts/catalog-outcome';
import { sayFault } from '@shelfline/contracts/issue-words';
import type { OrderOutcome } from '@shelfline/contracts/order-view';
import { type ProblemError, problem } from '@shelfline/service-kit/problem';
import { asSentence } from '@shelfline/service-kit/sentence';

const STATUS: RefusalStatuses = {
  unknown_order: [404, 'There is no such order'],
  unknown_task: [404, 'The store has no such task'],
  order_exists: [409, 'There is such an order already'],
  out_of_state: [409, 'That cannot be done now'],
  unknown_line: [404, 'The order has no such line'],
  too_many_tasks: [409, 'It was changed or sent on too often'],
  cannot_be_served: [409, 'It cannot be had like that now'],
  code_missing: [422, 'The customer’s code is missing'],
  wrong_code: [403, 'It is not the customer’s code'],
  handover_locked: [423, 'Too many wrong codes'],
};

/** Of what was not sent at all: it cannot be read, or this token may not ask it. */
export const refusedBody = (errors: readonly FieldNote[]): ProblemError => {
  const isForbidden = errors.some(({ code }) => code.startsWith('other_'));
  const said = errors.map((note) => (isForbidden ? note.detail : sayNote(note)));
  return problem(
    isForbidden ? 403 : 400,
    isForbidden ? 'forbidden' : 'invalid',
    isForbidden ? 'This token may not do that' : 'Some fields are not valid',
    `${asSentence(said.join('; '))}. Nothing of the request was done; correct the fields listed under errors and send it again.`,
    { errors: pathsOf(errors) },
  );
};

/** By the code of the first reason. */
export type RefusalStatuses = Readonly<Record<string, readonly [status: number, title: string]>>;
export interface Refused {
  readonly errors?: readonly FieldNote[] | undefined;
  readonly allowed?: readonly string[] | undefined;
}
/** Of a message that was refused; `more` is told beside its reasons. */
export function refusedBecause(
  { errors = [], allowed }: Refused,
  statuses: RefusalStatuses,
  otherwise: string,
  more: Readonly<Record<string, unknown>> = {},
): ProblemError {
  const code = errors[0]?.code ?? 'refused';
  const [status, title] = statuses[code] ?? [422, otherwise];
  const said = errors.map(({ detail }) => detail).join('; ');
  const after = code === 'wrong_code' ? 'The try was counted.' : 'Nothing was changed.';
  return problem(status, code.replaceAll('_', '-'), title, `${asSentence(said)}. ${after}`, {
    errors: pathsOf(errors),
    ...(allowed ? { allowed } : {}),
    ...more,
  });
}
/** A note with its field before it, as the beginning of a sentence or of a list. */
export const sayNote = ({ field, detail }: FieldNote): string =>
  field === '' ? detail : sayFault({ path: field, words: detail });
export const pathsOf = (errors: readonly FieldNote[]) =>
  errors.map(({ field, code, detail }) => ({ path: field, code, message: detail }));

export const refusedMessage = (outcome: OrderOutcome): ProblemError =>
  refusedBecause(outcome, STATUS, 'The order cannot be taken as it is');

export const conflicting = (what: string): ProblemError =>
  problem(
    409,
    'conflict',
    'It was asked before, with other content',
    `${what} was sent before and said something else. The first one stands; nothing was changed. Send it under another id, or look at what there is.`,
  );

/** Two tries of one id at once, each with content of its own: the one that was decided is no more there than the other. */
export const refusedMeanwhile = (what: string): ProblemError =>
  problem(
    409,
    'conflict',
    'Another one of this id was decided in its place, and refused',
    `${what} was sent with other content at the same time, and that was refused; nothing was changed. Send yours again; where you are told so every time, send it under another id.`,
  );

export const tooLarge = (): ProblemError =>
  problem(
    413,
    'too-large',
    'It is larger than a message may be',
    'It was not sent, so nothing was changed. Leave out what nobody here knows, and send it again.',
  );

export const notConfirmed = (): ProblemError =>
  problem(
    503,
    'unavailable',
    'It is not known whether it was taken',
    'Kafka did not confirm it. Send it again just as it is: it has its effect once.',
  );

export const notYetKnown = (orderId: string): ProblemError =>
  problem(
    503,
    'not-answered-yet',
    'It was taken and is not decided yet',
    `It will be. Look at /api/orders/${encodeURIComponent(orderId)}, or send the same again to wait for its answer.`,
  );

export const unknownOrder = (orderId: string): ProblemError =>
  problem(
    404,
    'unknown-order',
    'There is no such order',
    `No order ${orderId} was placed here. Look for it by the number its customer knows: /api/orders?channelOrder=`,
  );

export const unknownTask = (store: string, taskId: string): ProblemError =>
  problem(
    404,
    'unknown-task',
    'The store has no such task',
    `${store} has no task ${taskId}. Look at its open tasks again. Nothing was changed.`,
  );
