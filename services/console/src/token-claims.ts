/** What a token says of whom it is for; undefined where it says nothing of it, and of what is no token. */
export function claimOfToken(token: string, name: 'store' | 'member'): string | undefined {
  try {
    const payload = token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/');
    const claim = (JSON.parse(atob(payload)) as Partial<Record<typeof name, unknown>>)[name];
    return typeof claim === 'string' ? claim : undefined;
  } catch {
    return undefined;
  }
}
