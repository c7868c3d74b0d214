import { type FieldFault, sayFault } from '@shelfline/contracts/issue-words';

/** Problem Details (RFC 9457): what happened, what it means, what to do. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly [field: string]: unknown;
}

export const problemType = (slug: string): string => `urn:shelfline:problem:${slug}`;

export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly slug: string,
    readonly title: string,
    readonly detail: string,
    readonly extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${title}: ${detail}`);
  }
}

export const problem = (
  status: number,
  slug: string,
  title: string,
  detail: string,
  extra: Readonly<Record<string, unknown>> = {},
): ProblemError => new ProblemError(status, slug, title, detail, extra);

const STATUS_TITLES: Readonly<Record<number, [slug: string, title: string, detail: string]>> = {
  400: ['bad-request', 'The request cannot be read', 'Correct the request and send it again.'],
  404: ['not-found', 'There is nothing here', 'Check the address; the API documentation is at /docs.'],
  405: ['method-not-allowed', 'This address does not take that method', 'The API documentation is at /docs.'],
  408: ['timeout', 'The request took too long', 'Send less at a time, or try again.'],
  413: ['too-large', 'The request is too large', 'Send fewer items at a time.'],
  415: [
    'unsupported-type',
    'This kind of content is not read here',
    'Send application/json, or the type the API documentation names.',
  ],
  429: ['too-many-requests', 'Too many requests', 'Wait a little and send fewer at a time.'],
  431: ['headers-too-large', 'The headers are too large', 'Send fewer or shorter headers.'],
  503: ['unavailable', 'Not available at the moment', 'Try again in a few seconds.'],
};

interface ErrorLike {
  readonly status?: unknown;
  readonly statusCode?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  getStatus?: () => number;
}

/** Any error as Problem Details; what is not meant for people stays out of it. */
export function toProblem(error: unknown): ProblemDetails {
  if (error instanceof ProblemError)
    return {
      type: problemType(error.slug),
      title: error.title,
      status: error.status,
      detail: error.detail,
      ...error.extra,
    };
  const like = (error ?? {}) as ErrorLike;
  const status = Number(like.getStatus?.() ?? like.statusCode ?? like.status ?? 500);
  if (status < 400 || status >= 600 || status === 500 || Number.isNaN(status))
    return {
      type: problemType('internal'),
      title: 'Something failed on our side',
      status: 500,
      detail: 'Nothing of the request may be taken as done. It was logged; try again, with the same ids.',
    };
  const [slug, title, advice] = STATUS_TITLES[status] ?? [
    'refused',
    'The request was refused',
    'See the API documentation at /docs.',
  ];
  return { type: problemType(slug), title, status, detail: `${reasonOf(like)} ${advice}`.trim() };
}

const reasonOf = ({ message, code }: ErrorLike): string => {
  const text = typeof message === 'string' ? message : '';
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return 'The body is over the limit.';
  return text === '' || /^(Bad Request|Not Found|Cannot [A-Z]+ )/.test(text)
    ? ''
    : text.endsWith('.')
      ? text
      : `${text}.`;
};

const MOST_LISTED = 50;
const MOST_SAID = 3;

/** A 400 that names each field, what it must be, and what to do; of the values only numbers are repeated. */
export function invalidFields(faults: readonly FieldFault[]): ProblemError {
  const said = faults.slice(0, MOST_SAID).map((fault) => sayFault(fault, 'the request'));
  const more = faults.length > MOST_SAID ? `; and ${faults.length - MOST_SAID} more` : '';
  return problem(
    400,
    'invalid',
    'Some fields are not valid',
    `${said.join('; ')}${more}. Nothing of the request was done; correct the fields listed under errors and send it again.`,
    { errors: faults.slice(0, MOST_LISTED).map(({ path, words }) => ({ path, message: words })) },
  );
}
