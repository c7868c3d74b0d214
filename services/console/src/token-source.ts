/** Thrown when no token can be had at all, so that the page can say so instead of trying for ever. */
export class SignInError extends Error {}

/** Development: the server hands tokens out. Elsewhere the embedding page puts one into the address's fragment. */
export async function fetchToken(role: 'storefront' | 'integrator' = 'storefront'): Promise<string> {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given && role === 'storefront') return given;
  const response = await fetch(`/api/auth/dev-token?role=${role}`);
  if (response.status === 404) throw new SignInError('no development token');
  if (!response.ok) throw new Error(`token: ${response.status}`);
  return ((await response.json()) as { token: string }).token;
}

let current: { token: string; untilMs: number } | undefined;

/** For REST calls; kept for some minutes. */
export async function restToken(): Promise<string> {
  if (current && current.untilMs > Date.now()) return current.token;
  const token = await fetchToken();
  current = { token, untilMs: Date.now() + 4 * 60_000 };
  return token;
}
