import type { CartOutcome, StoredCart } from '@shelfline/contracts/cart';
import { type ProblemError, problem } from '@shelfline/service-kit/problem';
import { asSentence } from '@shelfline/service-kit/sentence';
import { pathsOf, type RefusalStatuses, refusedBecause } from '../order-problems.js';

const STATUS: RefusalStatuses = {
  other_version: [412, 'The cart has changed meanwhile'],
  not_in_cart: [409, 'It is not in the cart any more'],
  too_many_orders: [409, 'Too many orders of this cart are under way'],
};

/** With the cart as it is, so that a screen can show it and go on from there. */
export const refusedCart = ({ errors, cart, memberId }: CartOutcome): ProblemError =>
  refusedBecause({ errors }, STATUS, 'The cart cannot be changed like that', { cart: plainCart(cart, memberId) });

/** Of an order that was made of a cart and then refused. */
export const refusedOrder = ({ order, cart, memberId }: CartOutcome): ProblemError => {
  const errors = order?.errors ?? [];
  const text = errors.map(({ detail }) => detail).join('; ');
  const exists = errors.some(({ code }) => code === 'order_exists');
  return problem(
    exists ? 409 : 422,
    'order-refused',
    'The order cannot be taken as it is',
    `${asSentence(text)}. What it was to take is in the cart again; ${exists ? 'order under another id' : 'order again, corrected if need be'}.`,
    {
      errors: pathsOf(errors),
      cart: plainCart(cart, memberId),
    },
  );
};

const plainCart = (cart: StoredCart | undefined, memberId: string) => ({
  memberId,
  version: cart?.version ?? 0,
  lines: (cart?.lines ?? []).map(({ sku, quantity }) => ({ sku, quantity })),
});

export const otherMember = (): ProblemError =>
  problem(
    403,
    'other-member',
    'This token is for another member',
    'A shopper sees and changes his own cart alone. Get a token that names this member.',
  );
export const otherChannel = (own: string, asked: string): ProblemError =>
  problem(
    403,
    'other-channel',
    'This token is for another channel',
    `It is for ${own}; leave \`channel\` out, or get a token of ${asked}.`,
  );
export const unknownMember = (): ProblemError =>
  problem(
    404,
    'unknown-member',
    'There is no such member reference',
    'A reference holds 1 to 64 printable characters, no "|", and starts with no space. Look it up in the member file.',
  );
export const versionNeeded = (): ProblemError =>
  problem(
    428,
    'version-needed',
    'It is not said which cart is to be replaced',
    'A whole cart may take out what another screen has just put in. Read the cart and send its ETag as If-Match (If-None-Match: * for the first one), or change single lines with PATCH. Nothing was changed.',
  );
export const tooOften = (seconds: number): ProblemError =>
  problem(
    429,
    'too-many-requests',
    'The cart was changed too often',
    `Nothing was changed this time. Try again in ${seconds} s.`,
    { retryAfterSeconds: seconds },
  );
