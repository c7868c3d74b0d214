import type { MemberCart, WatchCartAnswer } from './cart.js';
import type { FollowedKind } from './followed-states.js';
import type { TrackAnswer, TrackedOrder } from './order.js';

/** By its link. */
export const TRACKED_ORDER: FollowedKind<TrackedOrder, TrackAnswer> = {
  follow: 'track',
  leave: 'untrack',
  bodyOf: (token) => ({ token }),
  keyBodyOf: (orderId) => ({ orderId }),
  keyOf: ({ orderId }) => orderId,
  read: ({ epoch, orderId, order }) => ({ epoch, key: orderId, state: order }),
};

/** That of the token's member has no name. */
export const OWN_CART = '';
/** By its member. */
export const MEMBER_CART: FollowedKind<MemberCart, WatchCartAnswer> = {
  follow: 'watch_cart',
  leave: 'unwatch_cart',
  bodyOf: (memberId) => (memberId === OWN_CART ? {} : { memberId }),
  keyBodyOf: (memberId) => ({ memberId }),
  keyOf: ({ memberId }) => memberId,
  read: ({ epoch, memberId, cart }) => ({ epoch, key: memberId, state: cart }),
};
