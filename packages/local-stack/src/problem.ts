/** An error for people: the message says what happened, what it means and what to do about it. */
export class LocalStackError extends Error {
  override readonly name = 'LocalStackError';

  constructor(happened: string, todo: string, options?: { cause?: unknown }) {
    super(`${happened}\n${todo}`, options);
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
