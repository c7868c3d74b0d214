import { restToken } from '../token-source.js';
import { whyUnanswered } from '../unanswered.js';

export type CartChange = { readonly sku: string } & ({ readonly add: number } | { readonly quantity: number });

/**
 * Changes a member's cart, one change after the other: of two that are on their way at once the one typed first might be
 * the last to arrive. What it becomes is pushed to every open screen, this one too.
 */
export class CartChanges {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly member: string) {}

  /** The server's words where it is refused. */
  send(change: CartChange): Promise<string | undefined> {
    const sent = this.last.then(() => this.patch(change));
    this.last = sent;
    return sent;
  }

  private async patch(change: CartChange): Promise<string | undefined> {
    try {
      const response = await fetch(`/api/orders/carts/${encodeURIComponent(this.member)}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await restToken(this.member)}` },
        body: JSON.stringify({ changes: [change] }),
      });
      if (response.ok) return undefined;
      const body = (await response.json().catch(() => ({}))) as { readonly detail?: string };
      return body.detail ?? String(response.status);
    } catch (error) {
      return whyUnanswered(error);
    }
  }
}
