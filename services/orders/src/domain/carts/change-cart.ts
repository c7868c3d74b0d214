import type { CartMessage } from '@shelfline/contracts/cart';
import { MAX_LINE_UNITS, MAX_LINES } from '@shelfline/contracts/order';
import type { Refusal } from '../decision.js';
import { type CartLine, unitsIn, withUnits } from './cart.js';
import type { CartContext } from './cart-decision.js';

type Put = Extract<CartMessage, { type: 'cart_put' }>;
type Change = Extract<CartMessage, { type: 'cart_change' }>;
type Made = { readonly lines: readonly CartLine[] } | { readonly refusals: readonly Refusal[] };

/** The cart as whoever sends it sees it: what it does not name is taken out. */
export function putLines({ lines, channel }: Put, before: readonly CartLine[], context: CartContext): Made {
  const refusals = lines.flatMap(({ sku, quantity }, i) =>
    quantity > unitsIn(before, sku) ? unknownSku(sku, `lines[${i}].sku`, context) : [],
  );
  if (refusals.length > 0) return { refusals };
  const named = new Set(lines.map(({ sku }) => sku));
  const kept = before.filter(({ sku }) => named.has(sku));
  return {
    lines: lines.reduce<readonly CartLine[]>(
      (made, { sku, quantity }) => withUnits(made, { sku, quantity }, { channel, atMs: context.atMs }),
      kept.length === before.length ? before : kept,
    ),
  };
}

/** Line by line: of others nothing is said, so two channels that change different lines are both right. */
export function changedLines({ changes, channel }: Change, before: readonly CartLine[], context: CartContext): Made {
  const refusals: Refusal[] = [];
  let lines = before;
  changes.forEach(({ sku, add, quantity }, i) => {
    const had = unitsIn(before, sku);
    const wanted = Math.max(0, quantity ?? had + (add ?? 0));
    // What is sold no more may be taken out, and is never added.
    if (wanted > had) refusals.push(...unknownSku(sku, `changes[${i}].sku`, context));
    if (wanted > MAX_LINE_UNITS) refusals.push(tooMany(sku, wanted, i));
    lines = withUnits(lines, { sku, quantity: wanted }, { channel, atMs: context.atMs });
  });
  if (lines.length > MAX_LINES && lines.length > before.length) refusals.push(tooManyLines(lines.length));
  return refusals.length > 0 ? { refusals } : { lines };
}

const unknownSku = (sku: string, field: string, { knowsSku }: CartContext): Refusal[] =>
  knowsSku(sku)
    ? []
    : [{ code: 'unknown_sku', field, detail: `the catalog sells no product ${sku}; leave it out, or correct it` }];

const tooMany = (sku: string, wanted: number, i: number): Refusal => ({
  code: 'too_many_units',
  field: `changes[${i}]`,
  detail: `a cart holds ${MAX_LINE_UNITS} of ${sku} at most, and it would be ${wanted}; take fewer`,
});
const tooManyLines = (count: number): Refusal => ({
  code: 'too_many_lines',
  field: 'changes',
  detail: `a cart holds ${MAX_LINES} products at most, and it would be ${count}; take others out, or order them first`,
});
