import type { mongo } from 'mongoose';

type Key = Readonly<Record<string, 1>>;
const NO_SUCH_COLLECTION = 26;

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
    .catch((error: { code?: unknown }): mongo.IndexDescriptionInfo[] => {
      if (error.code === NO_SUCH_COLLECTION) return [];
      throw error;
    });

export const hasIndex = async <T extends mongo.Document>(collection: mongo.Collection<T>, key: Key): Promise<boolean> =>
  (await indexesOf(collection)).some((index) => sameKey(index, key));

export async function createIndexIfMissing<T extends mongo.Document>(
  collection: mongo.Collection<T>,
  key: Key,
): Promise<void> {
  if (!(await hasIndex(collection, key))) await collection.createIndex(key);
}
