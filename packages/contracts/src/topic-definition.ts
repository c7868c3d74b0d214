/**
 * Every topic, once: name, key, what partitions it, how it is kept. `partitionedBy` names the part of the key whose
 * hash chooses the partition (murmur2 of its UTF-8 bytes, as Java clients do), so that all locations and channels of
 * a SKU share the partition of their deltas and have the same single writer.
 */
export interface TopicDefinition {
  readonly name: string;
  readonly key: string;
  readonly partitionedBy: string;
  readonly cleanup: 'delete' | 'compact';
  /** Retention of a deleted topic, or how long a tombstone of a compacted one stays; ms. */
  readonly retentionMs: number;
  /** `default` = TOPIC_PARTITIONS (12); fixed when the topic is created. */
  readonly partitions: 'default' | number;
  readonly writer: string;
  readonly description: string;
}
