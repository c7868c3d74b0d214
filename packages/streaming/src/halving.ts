import { isTransactionTooLarge } from './errors.js';

/** What is too much for one transaction is halved until it fits; in order. */
export async function halvedUntilItFits<T>(
  items: readonly T[],
  apply: (items: readonly T[]) => Promise<void>,
  onHalved?: (size: number) => void,
): Promise<void> {
  try {
    await apply(items);
  } catch (error) {
    if (!isTransactionTooLarge(error) || items.length < 2) throw error;
    const half = Math.ceil(items.length / 2);
    onHalved?.(half);
    await halvedUntilItFits(items.slice(0, half), apply, onHalved);
    await halvedUntilItFits(items.slice(half), apply, onHalved);
  }
}
