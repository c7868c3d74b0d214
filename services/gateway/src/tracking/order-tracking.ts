import { sayIssues } from '@shelfline/contracts/issue-words';
import { type TrackAnswer, TrackRequest, UntrackRequest } from '@shelfline/contracts/tracking';
import { RefusedTrackingToken } from '@shelfline/service-kit/tracking-tokens';
import type { Follower, HeldState } from '../sockets/follower.js';
import { Following } from '../sockets/following.js';
import { type Refused, refused } from '../sockets/refusal.js';
import { orderOf } from './tracked-order.js';

export interface OrderTrackingOptions {
  /** The order a link is for. Throws a `RefusedTrackingToken`. */
  readonly verify: (token: string) => Promise<string>;
  readonly find: (orderId: string) => HeldState | undefined;
  readonly epoch: string;
  readonly maxPerSocket: number;
}

/** Orders that are followed by their links. */
export class OrderTracking {
  private readonly following: Following;

  constructor(private readonly options: OrderTrackingOptions) {
    this.following = new Following(options);
  }

  /** Orders that somebody follows. */
  get size(): number {
    return this.following.size;
  }

  /** `answer` is called in the step that follows: any later, a change could overtake the snapshot it is newer than. */
  async track(
    follower: Follower,
    body: unknown,
    isOpen: () => boolean,
    answer: (answer: TrackAnswer | Refused) => void,
  ): Promise<void> {
    const parsed = TrackRequest.safeParse(body);
    if (!parsed.success) {
      answer(refused('invalid', `${sayIssues(parsed.error.issues, body, 'the message')}.`));
      return;
    }
    const { token, since = 0, epoch } = parsed.data;
    let orderId: string;
    try {
      orderId = await this.options.verify(token);
    } catch (error) {
      if (!(error instanceof RefusedTrackingToken)) throw error;
      answer(refused('link-refused', error.message));
      return;
    }
    if (!isOpen()) return;
    const isComparable = epoch === undefined || epoch === this.options.epoch;
    answer(this.follow(follower, orderId, isComparable ? since : 0));
  }

  untrack(follower: Follower, body: unknown): { ok: true } | Refused {
    const parsed = UntrackRequest.safeParse(body);
    if (!parsed.success) return refused('invalid', `${sayIssues(parsed.error.issues, body, 'the message')}.`);
    this.following.leave(follower, parsed.data.orderId);
    return { ok: true };
  }

  leaveAll(follower: Follower): void {
    this.following.leaveAll(follower);
  }

  changed(orderId: string, held: HeldState): void {
    this.following.changed(orderId, held);
  }

  private follow(follower: Follower, orderId: string, since: number): TrackAnswer | Refused {
    const { maxPerSocket, epoch } = this.options;
    if (this.following.isFull(follower, orderId))
      return refused(
        'too-many-subscriptions',
        `A socket may track ${maxPerSocket} orders. Untrack what is no longer on the screen, or open another socket.`,
      );
    const news = this.following.follow(follower, orderId, since);
    return { ok: true, epoch, orderId, order: news ? orderOf(news) : null };
  }
}
