export const PARTS = ['catalog', 'inventory', 'connect'] as const;
export type Part = (typeof PARTS)[number];

const DELTAS = /^\/api\/inventory\/deltas\/?$/;
const FIRST_SEGMENT = /^\/api\/([a-z-]+)(?:\/|$)/;

/** Which service answers a path under /api. Deltas are taken in by connect; their outcomes are inventory's. */
export function partFor(method: string, path: string): Part | undefined {
  if (method === 'POST' && DELTAS.test(path)) return 'connect';
  const segment = FIRST_SEGMENT.exec(path)?.[1];
  return PARTS.find((part) => part === segment);
}
