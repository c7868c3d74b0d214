import type { TrackedOrder } from '@shelfline/client/storefront';
import { dayIn, type Language, nameIn, numberIn, textIn } from '../language.js';

/** What its customer has to know of the order as a whole, a sentence each. */
export function orderNotes({ store, arrivesBy, lines }: TrackedOrder, language: Language): string[] {
  const say = textIn(language);
  const cancelled = lines.reduce((sum, line) => sum + line.cancelledUnits, 0);
  return [
    ...(store ? [say('collectAt', { store: nameIn(language, store) })] : []),
    ...(arrivesBy === undefined ? [] : [say('arrivesBy', { day: dayIn(language, arrivesBy) })]),
    ...(cancelled > 0 ? [say('linesCancelled', { count: numberIn(language, cancelled) })] : []),
    ...lines.flatMap(({ awaitedUnits = 0, expectedAt }) => {
      if (awaitedUnits === 0) return [];
      const count = numberIn(language, awaitedUnits);
      return expectedAt === undefined
        ? [say('linesAwaited', { count })]
        : [say('linesAwaitedUntil', { count, day: dayIn(language, expectedAt) })];
    }),
  ];
}
