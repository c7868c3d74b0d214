/** Field names that the standard does not know are kept, in Kafka and in MongoDB: which names both can carry. */
export const STORABLE_NAME_RULE =
  'names are not empty, begin with no $, hold no NUL and are neither __proto__ nor _bsontype';

/**
 * `$…` are operators, `_bsontype` makes MongoDB's driver take the value for one of its own classes (it then fails when
 * it is stored, long after it was accepted), `__proto__` is no field of an object.
 */
export const isStorableName = (name: string): boolean =>
  name !== '' && name !== '_bsontype' && name !== '__proto__' && !name.startsWith('$') && !name.includes('\0');
