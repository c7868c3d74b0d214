import { type ProblemDetails, problemType } from '@shelfline/service-kit/problem';

const KINDS = {
  invalid: { title: 'The request is not valid', status: 400 },
  unauthenticated: { title: 'The token is not accepted', status: 401 },
  forbidden: { title: 'Not within the scope of this token', status: 403 },
  'link-refused': { title: 'The tracking link is not accepted', status: 403 },
  expired: { title: 'The token has expired', status: 401 },
  'too-many-subscriptions': { title: 'Too many subscriptions', status: 422 },
  'too-many-screens': { title: 'Too many screens of this store', status: 429 },
  'too-many-requests': { title: 'Too many requests', status: 429 },
  behind: { title: 'This instance is behind', status: 503 },
  'not-ready': { title: 'This instance is not ready', status: 503 },
  evicted: { title: 'This socket read too slowly', status: 408 },
} as const;
export type RefusalKind = keyof typeof KINDS;

export const problemOf = (kind: RefusalKind, detail: string, extra: Record<string, unknown> = {}): ProblemDetails => ({
  type: problemType(kind),
  ...KINDS[kind],
  detail,
  ...extra,
});

/** A refusal as an ack carries it. */
export type Refused = ProblemDetails & { readonly ok: false };

export const refused = (kind: RefusalKind, detail: string, extra: Record<string, unknown> = {}): Refused => ({
  ok: false,
  ...problemOf(kind, detail, extra),
});
