/** Slips of one or two keys are taken for a known name; more of them in a short one make any name of any other. */
const slipsIn = (name: string): number => (name.length > 5 ? 2 : 1);

/** The known name that was most likely meant; undefined where none is near. */
export function findNearestName(name: string, known: Iterable<string>): string | undefined {
  const plain = plainOf(name);
  let nearest: { readonly name: string; readonly slips: number } | undefined;
  for (const candidate of known) {
    const slips = slipsBetween(plain, plainOf(candidate));
    if (slips <= slipsIn(candidate) && slips < (nearest?.slips ?? Number.POSITIVE_INFINITY))
      nearest = { name: candidate, slips };
  }
  return nearest?.name;
}

/** `expires_on`, `Expires On` and `expiresOn` are one name to whoever writes them. */
const plainOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[\s_.-]/g, '')
    .slice(0, 60);

/** Characters to put in, take out or replace. */
function slipsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
