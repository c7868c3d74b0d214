import type { MadeDelta } from './made-deltas.ts';

/** The units of one SKU at one place that facts alone decide. */
export interface Figures {
  readonly onHand: number;
  readonly reserved: number;
  readonly damaged: number;
  readonly qualityControl: number;
  readonly incoming: number;
}

/**
 * What stands where after these facts, each taken once: worked out from the data standard (a count stands for its own
 * time, later facts stay on top) and not by any code of the ledger, in two passes over the whole instead of one by one.
 * What promises hold, and took when they were fulfilled, comes on top.
 */
export function recount(
  deltas: Iterable<MadeDelta>,
  promised: readonly { readonly key: string; readonly onHand: number; readonly reserved: number }[] = [],
): Map<string, Figures> {
  const all = [...deltas];
  const counts = newestCounts(all);
  const found = new Map<string, Figures>();
  const add = (key: string, change: Partial<Figures>) => {
    const { onHand, reserved, damaged, qualityControl, incoming } = found.get(key) ?? startOf(counts.get(key));
    found.set(key, {
      onHand: onHand + (change.onHand ?? 0),
      reserved: reserved + (change.reserved ?? 0),
      damaged: damaged + (change.damaged ?? 0),
      qualityControl: qualityControl + (change.qualityControl ?? 0),
      incoming: incoming + (change.incoming ?? 0),
    });
  };
  for (const delta of all) {
    const key = `${delta.sku}@${delta.location}`;
    const change = changeOf(delta);
    const counted = counts.get(key);
    const absorbed = counted !== undefined && Date.parse(delta.occurredAt) <= counted.atMs;
    add(key, absorbed ? { ...change, onHand: 0 } : change);
    if (delta.toLocation !== undefined) add(`${delta.sku}@${delta.toLocation}`, { incoming: delta.quantity });
  }
  for (const { key, onHand, reserved } of promised) add(key, { onHand, reserved });
  return found;
}

interface Count {
  readonly atMs: number;
  readonly units: number;
}

function newestCounts(deltas: readonly MadeDelta[]): Map<string, Count> {
  const newest = new Map<string, Count>();
  for (const { type, sku, location, occurredAt, quantity } of deltas) {
    if (type !== 'count') continue;
    const key = `${sku}@${location}`;
    const atMs = Date.parse(occurredAt);
    if (atMs > (newest.get(key)?.atMs ?? -1)) newest.set(key, { atMs, units: quantity });
  }
  return newest;
}

const startOf = (count: Count | undefined): Figures => ({
  onHand: count?.units ?? 0,
  reserved: 0,
  damaged: 0,
  qualityControl: 0,
  incoming: 0,
});

function changeOf({ type, quantity, bucket }: MadeDelta): Partial<Figures> {
  switch (type) {
    case 'receipt':
    case 'return':
      return { onHand: quantity };
    case 'sale':
    case 'transfer_out':
      return { onHand: -quantity };
    case 'damage':
      return { damaged: quantity };
    case 'count':
      return {};
    case 'adjustment':
      if (bucket === 'damaged') return { damaged: quantity };
      return bucket === 'quality_control' ? { qualityControl: quantity } : { onHand: quantity };
  }
}
