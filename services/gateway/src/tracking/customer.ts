import { isTrackingToken, RefusedTrackingToken, type TrackingTokens } from '@shelfline/service-kit/tracking-tokens';
import type { Verify } from '../sockets/admission.js';

/** Whoever holds an order's link: the link is his token, since he has no account. */
export const CUSTOMER = 'customer';

export const NO_TRACKING_KEYS = 'No orders can be followed here: this shop has set no TRACKING_KEYS.';

/** Takes links beside the tokens of the deployment. */
export const orLinks =
  (verify: Verify, tokens: TrackingTokens | undefined, nowMs: () => number): Verify =>
  async (token) => {
    if (!isTrackingToken(token)) return verify(token);
    if (!tokens) throw new RefusedTrackingToken(NO_TRACKING_KEYS);
    const { orderId, expiresAtMs } = await tokens.read(token, nowMs());
    return { roles: [CUSTOMER], order: orderId, expiresAtMs };
  };
