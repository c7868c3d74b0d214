import type { Said, StoreTask } from '@shelfline/client/store';

type Lines = StoreTask['lines'];

/** A line may stand in a task twice, as it was reserved; whoever rejects counts it once. */
export function unitsByLine({ lines }: Pick<StoreTask, 'lines'>): Lines {
  const sums = new Map<string, Lines[number]>();
  for (const line of lines)
    sums.set(line.lineId, { ...line, quantity: line.quantity + (sums.get(line.lineId)?.quantity ?? 0) });
  return [...sums.values()];
}

/** Units that were typed in; of a line without any, all of it. */
export function rejectedLines(lines: Lines, units: ReadonlyMap<string, number>): 'all' | NonNullable<Said['lines']> {
  const rejected = lines.flatMap(({ lineId, quantity }) => {
    const asked = Math.min(quantity, units.get(lineId) ?? quantity);
    return asked > 0 ? [{ lineId, quantity: asked }] : [];
  });
  const isAll = lines.every(({ lineId, quantity }) => (units.get(lineId) ?? quantity) >= quantity);
  return isAll ? 'all' : rejected;
}
