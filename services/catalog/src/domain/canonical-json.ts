/** JSON with the members of every object in the order of their names: equal contents give equal text. */
export const canonicalJson = (value: unknown): string => JSON.stringify(value, sortMembers);

function sortMembers(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members);
}
