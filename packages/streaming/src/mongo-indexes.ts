import type { mongo } from 'mongoose';

type Key = Readonly<Record<string, 1>>;
const INDEX_NOT_FOUND = 27;

const sameKey = (index: mongo.IndexDescriptionInfo, key: Key): boolean =>
  JSON.stringify(index.key) === JSON.stringify(key);

/**
 * Making or dropping an index waits for open transactions, those of a killed owner too: a service that starts anew must
 * not even ask for what is done already.
 */
const indexesOf = <T extends mongo.Document>(collection: mongo.Collection<T>): Promise<mongo.IndexDescriptionInfo[]> =>
  collection
    .listIndexes()
    .toArray()
    .catch((): mongo.IndexDescriptionInfo[] => []);

export async function createIndexIfMissing<T extends mongo.Document>(
  collection: mongo.Collection<T>,
  key: Key,
): Promise<void> {
  if (!(await indexesOf(collection)).some((index) => sameKey(index, key))) await collection.createIndex(key);
}

/** One of an earlier version, whose place another has taken: every insert would still pay for it. */
export async function dropReplacedIndex<T extends mongo.Document>(
  collection: mongo.Collection<T>,
  key: Key,
): Promise<void> {
  const replaced = (await indexesOf(collection)).find((index) => sameKey(index, key));
  if (!replaced) return;
  await collection.dropIndex(replaced.name!).catch((error: { code?: unknown }) => {
    // Another instance that starts now was quicker.
    if (error.code !== INDEX_NOT_FOUND) throw error;
  });
}
