import { RefusedTrackingToken, type TrackingTokens } from '@shelfline/service-kit/tracking-tokens';
import type { z } from 'zod';
import type { PlacedAnswer, PlacedItem } from '../order-bodies.js';

export interface TrackingLink {
  readonly token: string;
  readonly expiresAt: string;
  readonly url?: string;
}
export interface TrackingLinksOptions {
  /** Undefined where no keys are set. */
  readonly tokens: TrackingTokens | undefined;
  readonly forMs: number;
  readonly base: string | undefined;
  readonly nowMs: () => number;
}

/** Signed links that show one order to whoever holds them. */
export class TrackingLinks {
  constructor(private readonly options: TrackingLinksOptions) {}

  /** The order that a link is for. Throws a `RefusedTrackingToken`. */
  async orderOf(token: string): Promise<string> {
    const { tokens, nowMs } = this.options;
    if (tokens) return tokens.verify(token, nowMs());
    throw new RefusedTrackingToken('No links are made here: this shop has set no TRACKING_KEYS.');
  }

  /** Undefined where no links are made here. */
  async findLink(orderId: string): Promise<TrackingLink | undefined> {
    const { tokens, forMs, base, nowMs } = this.options;
    if (!tokens) return undefined;
    const now = nowMs();
    const token = await tokens.issue(orderId, { nowMs: now, forMs });
    // In the fragment: it reaches no server’s log.
    const url = base === undefined ? {} : { url: `${base}#track=${token}` };
    return { token, expiresAt: new Date(Math.floor((now + forMs) / 1000) * 1000).toISOString(), ...url };
  }

  /** Of each order that was taken, for whoever passes it on to the customer. */
  async withLinks(answer: z.infer<typeof PlacedAnswer>): Promise<z.infer<typeof PlacedAnswer>> {
    return { ...answer, items: await Promise.all(answer.items.map((item) => this.withLink(item))) };
  }

  private async withLink(item: PlacedItem): Promise<PlacedItem> {
    if (item.result === 'refused' || item.orderId === undefined) return item;
    const link = await this.findLink(item.orderId);
    return link ? { ...item, trackingToken: link.token } : item;
  }
}
