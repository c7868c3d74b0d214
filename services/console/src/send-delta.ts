export interface Delta {
  readonly type: 'sale' | 'receipt';
  readonly quantity: number;
}

/** Not `crypto.randomUUID`: a page on a plain-http address of the network has none. */
export const newId = (): string => [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(36)).join('-');

/** For people to read out: 40 bits are plenty for the orders of one page. */
export const shortId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(8))].map((n) => READABLE[n % READABLE.length]).join('');
/** Without those that look like another. */
const READABLE = '23456789abcdefghjkmnpqrstuvwxyz';

/** Answers why it was refused, undefined when it was accepted. */
export async function sendDelta(token: string, sku: string, place: string, delta: Delta): Promise<string | undefined> {
  const event = {
    id: newId(),
    source: 'console',
    ...delta,
    sku,
    location: place,
    occurredAt: new Date().toISOString(),
  };
  const response = await fetch('/api/inventory/deltas', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify([event]),
  });
  const answer = (await response.json()) as { detail?: string; rejected?: readonly { detail: string }[] };
  return response.ok ? answer.rejected?.[0]?.detail : (answer.detail ?? String(response.status));
}

export interface PlaceLevel {
  readonly location: string;
  readonly available: number;
}

/** Where units of this SKU are, most first. */
export async function fetchLevels(token: string, sku: string, signal: AbortSignal): Promise<readonly PlaceLevel[]> {
  const query = new URLSearchParams({ sku, limit: '500' });
  const response = await fetch(`/api/inventory/levels?${query}`, {
    headers: { authorization: `Bearer ${token}` },
    signal,
  });
  if (!response.ok) throw new Error(`${response.status}`);
  const { items } = (await response.json()) as { items: readonly PlaceLevel[] };
  return items.filter(({ available }) => available > 0).sort((a, b) => b.available - a.available);
}

/** A quote within a shell's single quotes. */
const quoted = (value: string): string => value.replaceAll("'", `'\\''`);

/** The same from a shell; the id is new each time, since an id that is known changes nothing. */
export function curlFor(origin: string, sku: string, place: string, { type, quantity }: Delta): string {
  const text = (value: string): string => quoted(JSON.stringify(value));
  return [
    `TOKEN=$(curl -s '${origin}/api/auth/dev-token?role=integrator' | cut -d'"' -f4)`,
    `curl ${origin}/api/inventory/deltas \\`,
    `  -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' \\`,
    `  -d '[{"id":"try-'$(date +%s)'","source":"me","type":"${type}","sku":${text(sku)},"location":${text(place)},"quantity":${quantity},"occurredAt":"'$(date -u +%FT%TZ)'"}]'`,
  ].join('\n');
}
