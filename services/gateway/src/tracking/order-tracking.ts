import { sayIssues } from '@shelfline/contracts/issue-words';
import { type TrackAnswer, TrackRequest, UntrackRequest } from '@shelfline/contracts/tracking';
import { RefusedTrackingToken } from '@shelfline/service-kit/tracking-tokens';
import { type Refused, refused } from '../sockets/refusal.js';
import type { OrderFollower } from './order-follower.js';
import { type HeldOrder, orderOf } from './tracked-order.js';

export interface OrderTrackingOptions {
  /** The order a link is for. Throws a `RefusedTrackingToken`. */
  readonly verify: (token: string) => Promise<string>;
  readonly find: (orderId: string) => HeldOrder | undefined;
  readonly epoch: string;
  readonly maxPerSocket: number;
}

/** Who follows which order. Following and the snapshot are one step: a change is in the snapshot or comes after it. */
export class OrderTracking {
  private readonly followers = new Map<string, Set<OrderFollower>>();

  constructor(private readonly options: OrderTrackingOptions) {}

  /** Orders that somebody follows. */
  get size(): number {
    return this.followers.size;
  }

  /** `answer` is called in the step that follows: any later, a change could overtake the snapshot it is newer than. */
  async track(
    follower: OrderFollower,
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

  untrack(follower: OrderFollower, body: unknown): { ok: true } | Refused {
    const parsed = UntrackRequest.safeParse(body);
    if (!parsed.success) return refused('invalid', `${sayIssues(parsed.error.issues, body, 'the message')}.`);
    this.leave(follower, parsed.data.orderId);
    return { ok: true };
  }

  leaveAll(follower: OrderFollower): void {
    for (const orderId of follower.orders) this.leave(follower, orderId);
    follower.stop();
  }

  changed(orderId: string, held: HeldOrder): void {
    for (const follower of this.followers.get(orderId) ?? []) follower.take(orderId, held);
  }

  private follow(follower: OrderFollower, orderId: string, since: number): TrackAnswer | Refused {
    const { maxPerSocket, epoch, find } = this.options;
    if (!follower.follows(orderId) && follower.size >= maxPerSocket)
      return refused(
        'too-many-subscriptions',
        `A socket may track ${maxPerSocket} orders. Untrack what is no longer on the screen, or open another socket.`,
      );
    const others = this.followers.get(orderId);
    if (others) others.add(follower);
    else this.followers.set(orderId, new Set([follower]));
    const news = follower.follow(orderId, find(orderId), since);
    return { ok: true, epoch, orderId, order: news ? orderOf(news) : null };
  }

  private leave(follower: OrderFollower, orderId: string): void {
    follower.leave(orderId);
    const others = this.followers.get(orderId);
    others?.delete(follower);
    if (others?.size === 0) this.followers.delete(orderId);
  }
}
