import { type WatchCartAnswer, WatchCartRequest } from '@shelfline/contracts/cart';
import { sayIssues } from '@shelfline/contracts/issue-words';
import type { Bearer } from '../sockets/admission.js';
import type { Follower, HeldState } from '../sockets/follower.js';
import { Following } from '../sockets/following.js';
import { type Refused, refused } from '../sockets/refusal.js';
import { cartOf } from './held-cart.js';

export interface CartWatchingOptions {
  readonly find: (memberId: string) => HeldState | undefined;
  readonly epoch: string;
  readonly maxPerSocket: number;
}

/** Members' carts on open screens: what a member changes on one channel is shown on the others. */
export class CartWatching {
  private readonly following: Following;

  constructor(private readonly options: CartWatchingOptions) {
    this.following = new Following(options);
  }

  /** Carts that somebody watches. */
  get size(): number {
    return this.following.size;
  }

  watch(follower: Follower, bearer: Bearer, body: unknown): WatchCartAnswer | Refused {
    const asked = readFor(bearer, body);
    if ('ok' in asked) return asked;
    const { memberId, since = 0, epoch } = asked;
    const { maxPerSocket, epoch: own } = this.options;
    if (this.following.isFull(follower, memberId))
      return refused(
        'too-many-subscriptions',
        `A socket may watch ${maxPerSocket} carts. Unwatch what is no longer on the screen, or open another socket.`,
      );
    const isComparable = epoch === undefined || epoch === own;
    const news = this.following.follow(follower, memberId, isComparable ? since : 0);
    return { ok: true, epoch: own, memberId, cart: news ? cartOf(news) : null };
  }

  unwatch(follower: Follower, bearer: Bearer, body: unknown): { ok: true } | Refused {
    const asked = readFor(bearer, body);
    if ('ok' in asked) return asked;
    this.following.leave(follower, asked.memberId);
    return { ok: true };
  }

  leaveAll(follower: Follower): void {
    this.following.leaveAll(follower);
  }

  changed(memberId: string, held: HeldState): void {
    this.following.changed(memberId, held);
  }
}

type Asked = WatchCartRequest & { readonly memberId: string };

/** A shopper's token names its member, and shows no other; who works for the shop says whose he is asking for. */
function readFor({ roles, member, order }: Bearer, body: unknown): Asked | Refused {
  if (order !== undefined)
    return refused('forbidden', 'A tracking link shows its order and no cart. Connect with the member’s own token.');
  const parsed = WatchCartRequest.safeParse(body ?? {});
  if (!parsed.success) return refused('invalid', `${sayIssues(parsed.error.issues, body, 'the message')}.`);
  const { memberId = member } = parsed.data;
  if (roles.includes('storefront') && (member === undefined || memberId !== member))
    return refused(
      'forbidden',
      member === undefined
        ? 'The token names no member, so there is no cart to watch. Connect with the token of a member who signed in.'
        : `The token is for the member ${member} alone. Watch that cart, or connect with the other member’s token.`,
    );
  if (memberId === undefined)
    return refused('invalid', 'memberId is missing: the token names no member. Say whose cart it is.');
  return { ...parsed.data, memberId };
}
