import type { mongo } from 'mongoose';

const EPOCH = new Date(0);

/** Of the documents with these values, the earliest date of a field; an index of all of them, the date last, finds it. */
export async function findEarliestMs<T extends mongo.Document>(
  collection: mongo.Collection<T>,
  equal: Readonly<Record<string, unknown>>,
  field: keyof T & string,
): Promise<number | undefined> {
  // In the index those without it stand before all dates: the bound passes over them.
  const dated = { ...equal, [field]: { $gte: EPOCH } } as mongo.Filter<T>;
  const found = await collection.findOne(dated, { projection: { _id: 0, [field]: 1 }, sort: { [field]: 1 } });
  return (found as Readonly<Record<string, Date>> | null)?.[field]?.getTime();
}
