export const PARTS = ['catalog', 'inventory', 'connect', 'orders'] as const;
export type Part = (typeof PARTS)[number];

/** What a path may begin with, to tell whoever has lost his way. */
export const BEGINNINGS = [...PARTS, 'transfers', 'store-boards', 'auth'].map((segment) => `/api/${segment}`);

const DELTAS = /^\/api\/inventory\/deltas\/?$/;
const FIRST_SEGMENT = /^\/api\/([a-z-]+)(?:\/|$)/;

/** Which service answers a path under /api. Deltas are taken in by connect, their outcomes are inventory's; transfers are orders'. */
export function partFor(path: string): Part | undefined {
  if (DELTAS.test(path)) return 'connect';
  const segment = FIRST_SEGMENT.exec(path)?.[1];
  return segment === 'transfers' ? 'orders' : PARTS.find((part) => part === segment);
}

const UPLOAD = /^\/api\/(connect\/imports|catalog\/[a-z]+\/import)\/?$/;
const DELTAS_BYTES = 5 * 1024 * 1024;
/** As much as a service takes. */
const OTHER_BYTES = 1024 * 1024;

/**
 * How large a body may be; undefined = as large as the service takes (files). The services refuse larger ones
 * too, but by then the sender is in the middle of its body and may see a broken connection instead of the answer.
 */
export function bodyLimitBytes(method: string, path: string): number | undefined {
  if (UPLOAD.test(path)) return undefined;
  return method === 'POST' && DELTAS.test(path) ? DELTAS_BYTES : OTHER_BYTES;
}
