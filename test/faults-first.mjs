// The order of whole-system specs, the same on every machine: what takes minutes begins first, or one worker would be
// at it alone in the end while the others have nothing left to do.
const FIRST = [/faults\.e2e\.spec/, /\.browser\./, /\.e2e\./];
const turnOf = (path) => {
  const turn = FIRST.findIndex((pattern) => pattern.test(path));
  return turn < 0 ? FIRST.length : turn;
};

export default class FaultsFirst {
  sort(tests) {
    return [...tests].sort((a, b) => turnOf(a.path) - turnOf(b.path) || (a.path < b.path ? -1 : 1));
  }

  /** Jest would have it keep how long each took; the order does not depend on that. */
  cacheResults() {}
}
