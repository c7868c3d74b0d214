import { type ProblemError, problem } from '@shelfline/service-kit/problem';

export const unknownCourier = (name: string): ProblemError =>
  problem(
    404,
    'unknown-courier',
    'There is no such courier here',
    `Nobody set up a connector to ${name}, so nothing was taken. Correct the address, or set it up (COURIER).`,
  );
export const notSigned = (): ProblemError =>
  problem(
    401,
    'signature-wrong',
    'The message is not signed as it must be',
    'The header courier-signature is missing, of another secret or body, or older than five minutes; nothing was taken. ' +
      'Sign the second and the bytes that are sent with the secret of COURIER_WEBHOOK_SECRETS.',
  );
export const notReadable = (detail: string): ProblemError =>
  problem(
    400,
    'invalid',
    'The message cannot be read',
    `${detail}. Nothing of it was taken; correct it and send it again.`,
  );
export const unknownParcel = (parcelId: string): ProblemError =>
  problem(
    404,
    'unknown-parcel',
    'There is no such parcel',
    `No label was asked for ${parcelId} here, so nothing was taken. Look at the number.`,
  );
export const noLabel = (parcelId: string): ProblemError =>
  problem(
    409,
    'no-label',
    'There is no label',
    `The parcel ${parcelId} has none: it is still being asked for, was refused, or was cancelled. Look at its state.`,
  );
export const notFailed = (parcelId: string, state: string): ProblemError =>
  problem(
    409,
    'out-of-state',
    'There is nothing to repeat',
    `The parcel ${parcelId} is ${state}; only one that FAILED is asked for again by hand. Nothing was changed.`,
  );
