import { createRequire } from 'node:module';

/** As kafkajs itself loads its parts. */
export const load = createRequire(import.meta.url);
export const source = 'kafkajs/src';

/**
 * What kafkajs has loaded under a name is exchanged for all that load it later: before `kafkajs` itself is imported.
 * The version is pinned exactly.
 */
export function replace<T>(path: string, make: (original: T) => T): void {
  const file = load.resolve(`${source}/${path}`);
  const original = load(file) as T;
  load.cache[file]!.exports = make(original);
}
