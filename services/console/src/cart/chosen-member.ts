/** The address with this member in it, so that a reload comes back to his cart; undefined: without one. */
export function addressOf(member: string | undefined, { pathname, search, hash }: Location): string {
  const said = new URLSearchParams(hash.slice(1));
  if (member === undefined) said.delete('member');
  else said.set('member', member);
  const rest = said.toString();
  return `${pathname}${search}${rest === '' ? '' : `#${rest}`}`;
}

export const memberInAddress = (hash: string): string | undefined =>
  new URLSearchParams(hash.slice(1)).get('member') || undefined;
