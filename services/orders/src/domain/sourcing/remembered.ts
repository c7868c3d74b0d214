/** Four hundred shops are much alike, and each order asks them all: answers are kept, some thousand. */
export function remembered<V>(compute: (key: string) => V): (key: string) => V {
  const known = new Map<string, V>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = compute(key);
      if (known.size >= 5000) known.clear();
      known.set(key, value);
    }
    return value;
  };
}
