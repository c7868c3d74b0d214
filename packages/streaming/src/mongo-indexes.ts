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

/** Of former versions, which nothing reads by any more: each write would keep it up. */
export async function dropIndexIfThere<T extends mongo.Document>(
  collection: mongo.Collection<T>,
  key: Key,
): Promise<void> {
  const found = (await indexesOf(collection)).find((index) => sameKey(index, key));
  if (found?.name === undefined) return;
  await collection.dropIndex(found.name).catch(async (error: unknown) => {
    // Another instance that starts as well was faster.
    if (await hasIndex(collection, key)) throw error;
  });
}

export async function createIndexIfMissing<T extends mongo.Document>(
  collection: mongo.Collection<T>,
  key: Key,
): Promise<void> {
  if (!(await hasIndex(collection, key))) await collection.createIndex(key);
}
