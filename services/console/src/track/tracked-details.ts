export interface WaitingView {
  readonly taskId: string;
  readonly code: string;
  readonly qr: string;
  readonly locked: boolean;
  readonly collectBy?: string;
}
export interface TrackedDetails {
  readonly orderId: string;
  readonly promisedBy?: string;
  readonly products: readonly { readonly sku: string; readonly name: string; readonly nameZh?: string }[];
  readonly waiting: readonly WaitingView[];
}
export type DetailsAnswer =
  | { readonly kind: 'found'; readonly details: TrackedDetails }
  /** Asking again does not mend it. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'away' };

export function readDetails(status: number, body: unknown): DetailsAnswer {
  if (status === 200) return { kind: 'found', details: body as TrackedDetails };
  return { kind: status >= 400 && status < 500 && status !== 429 && status !== 408 ? 'refused' : 'away' };
}

/** What the link shows beside the live states. The token goes in a header: no server writes it into a log. */
export async function fetchDetails(token: string, signal: AbortSignal): Promise<DetailsAnswer> {
  try {
    const response = await fetch('/api/orders/tracked', { headers: { authorization: `Bearer ${token}` }, signal });
    return readDetails(response.status, await response.json().catch(() => undefined));
  } catch {
    return { kind: 'away' };
  }
}

/** The token of a link, `#track=…`; undefined where the address holds none. */
export const tokenInAddress = (hash: string): string | undefined =>
  new URLSearchParams(hash.slice(1)).get('track') || undefined;
