import type { TaskLine } from '@shelfline/contracts/order-view';

/** What a store still has to do, without what it rejected; the newest lines yield first, as their reservations do. */
export function linesWithout(lines: readonly TaskLine[], rejected: readonly TaskLine[]): TaskLine[] {
  const left = new Map<string, number>();
  for (const { lineId, quantity } of rejected) left.set(lineId, (left.get(lineId) ?? 0) + quantity);
  return lines
    .toReversed()
    .flatMap((line) => {
      const taken = Math.min(line.quantity, left.get(line.lineId) ?? 0);
      left.set(line.lineId, (left.get(line.lineId) ?? 0) - taken);
      return taken < line.quantity ? [{ ...line, quantity: line.quantity - taken }] : [];
    })
    .toReversed();
}
