import { type ProblemError, problem } from './problem.js';

/** `If-Match: "version"` = only if that version stands; `If-None-Match: *` = only if there is none. */
export function expectedVersionOf(headers: Readonly<Record<string, string | undefined>>): number | undefined {
  const match = headers['if-match'];
  if (match !== undefined) {
    const [, digits] = /^"?(\d{1,16})"?$/.exec(match.trim()) ?? [];
    const version = Number(digits);
    if (digits === undefined || !Number.isSafeInteger(version))
      throw badRequest('If-Match takes the `version` (or ETag) that was read', 'If-Match');
    return version;
  }
  const none = headers['if-none-match'];
  if (none === undefined) return undefined;
  if (none.trim() !== '*') throw badRequest('If-None-Match takes only * here', 'If-None-Match');
  return 0;
}

const badRequest = (detail: string, path: string): ProblemError =>
  problem(400, 'invalid', 'Some fields are not valid', detail, {
    errors: [{ path, code: 'invalid', message: detail }],
  });
