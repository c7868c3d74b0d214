/** An error for people: the message says what happened, what it means and what to do about it. */
export class LocalStackError extends Error {
  override readonly name = 'LocalStackError';

  constructor(happened: string, todo: string, options?: { cause?: unknown }) {
    super(`${happened}\n${todo}`, options);
  }
}

/** Makes every check and throws what they refused, together. */
export function refuseAll(checks: readonly (() => void)[]): void {
  const refusals = checks.flatMap((check) => {
    try {
      check();
      return [];
    } catch (error) {
      if (error instanceof LocalStackError) return [error];
      throw error;
    }
  });
  if (refusals.length === 1) throw refusals[0];
  if (refusals.length > 1) throw new LocalStackErrors(refusals);
}

class LocalStackErrors extends LocalStackError {
  constructor(refusals: readonly LocalStackError[]) {
    super(
      `${refusals.length} things are missing.`,
      refusals.map(({ message }, i) => `${i + 1}. ${message.replaceAll('\n', '\n   ')}`).join('\n'),
    );
  }
}

const DISK_FULL = /ENOSPC|No space left on device|disk full/i;
const NO_NETWORK =
  /ENOTFOUND|EAI_AGAIN|Could not resolve host|Unknown host|UnknownHostException|Temporary failure in name resolution|Network is unreachable|Connection timed out|Could not transfer artifact|failed to download|download of .* failed|Connection refused/i;
const PORT_TAKEN = /EADDRINUSE|Address already in use|BindException/i;

type KnownCause = 'disk-full' | 'no-network' | 'port-taken';

/** The cause which the output of a tool or a server gives away, when it is one that has a known way out. */
export function findKnownCause(output: string): KnownCause | undefined {
  if (DISK_FULL.test(output)) return 'disk-full';
  if (PORT_TAKEN.test(output)) return 'port-taken';
  if (NO_NETWORK.test(output)) return 'no-network';
  return undefined;
}

export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
