/** A map in which some values are replaced; the map below stays as it was. */
export class Overlay<V> implements ReadonlyMap<string, V> {
  constructor(
    private readonly base: ReadonlyMap<string, V>,
    private readonly changed: ReadonlyMap<string, V>,
  ) {}
  get(key: string): V | undefined {
    return this.changed.get(key) ?? this.base.get(key);
  }
  has(key: string): boolean {
    return this.changed.has(key) || this.base.has(key);
  }
  get size(): number {
    let size = this.base.size;
    for (const key of this.changed.keys()) if (!this.base.has(key)) size++;
    return size;
  }
  *entries(): MapIterator<[string, V]> {
    for (const [key, value] of this.base) yield [key, this.changed.get(key) ?? value];
    for (const [key, value] of this.changed) if (!this.base.has(key)) yield [key, value];
  }
  *keys(): MapIterator<string> {
    for (const [key] of this.entries()) yield key;
  }
  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }
  /** Makes nothing that is thrown away again: for what is asked of every SKU of a batch. */
  forEach(callback: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    this.base.forEach((value, key) => {
      callback(this.changed.get(key) ?? value, key, this);
    });
    this.changed.forEach((value, key) => {
      if (!this.base.has(key)) callback(value, key, this);
    });
  }
  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }
}
