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

const day = 24 * 60 * 60 * 1000;

export const TOPICS = {
  deltas: {
    name: 'inventory.deltas',
    key: 'sku',
    partitionedBy: 'sku',
    cleanup: 'delete',
    retentionMs: 30 * day,
    partitions: 'default',
    writer: 'connect, inventory (reservations by REST, ticks), any integrator',
    description: 'Facts and commands about stock, in the order the ledger applies them',
  },
  levels: {
    name: 'inventory.levels',
    key: 'sku@location',
    partitionedBy: 'sku',
    cleanup: 'compact',
    retentionMs: 14 * day,
    partitions: 'default',
    writer: 'inventory',
    description: 'Newest level of each SKU at each location',
  },
  availability: {
    name: 'inventory.availability',
    key: 'sku|channel|region',
    partitionedBy: 'sku',
    cleanup: 'compact',
    retentionMs: 14 * day,
    partitions: 'default',
    writer: 'inventory',
    description: 'Newest promise-able units of each SKU by channel and region',
  },
  movements: {
    name: 'inventory.movements',
    key: 'sku',
    partitionedBy: 'sku',
    cleanup: 'delete',
    retentionMs: 30 * day,
    partitions: 'default',
    writer: 'inventory',
    description: 'Every movement with its effects, never conflated',
  },
  outcomes: {
    name: 'inventory.outcomes',
    key: 'sku',
    partitionedBy: 'sku',
    cleanup: 'delete',
    retentionMs: 30 * day,
    partitions: 'default',
    writer: 'inventory, orders (ticks)',
    description: 'Answers to stock commands that name no other topic, and notices of shortfalls; never conflated',
  },
  feeds: {
    name: 'inventory.feeds',
    key: 'source',
    partitionedBy: 'source',
    cleanup: 'delete',
    retentionMs: 14 * day,
    partitions: 'default',
    writer: 'inventory',
    description: 'Which sequence numbers of which source were seen, for gap detection',
  },
  risks: {
    name: 'risk.events',
    key: 'subject',
    partitionedBy: 'subject',
    cleanup: 'delete',
    retentionMs: 30 * day,
    partitions: 'default',
    writer: 'inventory',
    description: 'Feeds gone quiet, skipped sequence numbers, drift',
  },
  catalogChanges: {
    name: 'catalog.changes',
    key: 'kind/code',
    partitionedBy: 'kind/code',
    cleanup: 'delete',
    retentionMs: 30 * day,
    partitions: 'default',
    writer: 'catalog',
    description: 'Changes asked of the catalog',
  },
  catalogOutcomes: {
    name: 'catalog.outcomes',
    key: 'kind/code',
    partitionedBy: 'kind/code',
    cleanup: 'delete',
    retentionMs: 14 * day,
    partitions: 'default',
    writer: 'catalog',
    description: 'Answers to catalog changes',
  },
  products: {
    name: 'catalog.products',
    key: 'sku',
    partitionedBy: 'sku',
    cleanup: 'compact',
    retentionMs: 14 * day,
    partitions: 'default',
    writer: 'catalog',
    description: 'Products',
  },
  locations: {
    name: 'catalog.locations',
    key: 'code',
    partitionedBy: 'code',
    cleanup: 'compact',
    retentionMs: 14 * day,
    partitions: 'default',
    writer: 'catalog',
    description: 'Places stock stands in',
  },
  channels: {
    name: 'catalog.channels',
    key: 'code',
    partitionedBy: 'code',
    cleanup: 'compact',
    retentionMs: 14 * day,
    partitions: 'default',
    writer: 'catalog',
    description: 'Sales channels, their pools and buffers',
  },
  organisations: {
    name: 'catalog.organisations',
    key: 'code',
    partitionedBy: 'code',
    cleanup: 'compact',
    retentionMs: 14 * day,
    partitions: 'default',
    writer: 'catalog',
    description: 'Organisations that own places and run channels',
  },
  orderIntake: {
    name: 'orders.intake',
    key: 'orderId',
    partitionedBy: 'orderId',
    cleanup: 'delete',
    retentionMs: 30 * day,
    partitions: 'default',
    writer: 'orders (REST, shortfalls, ticks), inventory (answers to orders), gateway (stores), any integrator',
    description: 'What is asked of orders and what became of it elsewhere, in the order it is applied',
  },
  orderOutcomes: {
    name: 'orders.outcomes',
    key: 'orderId',
    partitionedBy: 'orderId',
    cleanup: 'delete',
    retentionMs: 14 * day,
    partitions: 'default',
    writer: 'orders',
    description: 'Answers to what was asked of orders',
  },
  orderEvents: {
    name: 'orders.events',
    key: 'orderId',
    partitionedBy: 'orderId',
    cleanup: 'delete',
    retentionMs: 30 * day,
    partitions: 'default',
    writer: 'orders',
    description: 'Every step of every order, never conflated',
  },
  orderTasks: {
    name: 'orders.tasks',
    key: 'orderId/number',
    partitionedBy: 'orderId',
    cleanup: 'compact',
    retentionMs: 14 * day,
    partitions: 'default',
    writer: 'orders',
    description: 'What stores have to do, newest state of each task',
  },
  orderTracking: {
    name: 'orders.tracking',
    key: 'orderId',
    partitionedBy: 'orderId',
    cleanup: 'compact',
    retentionMs: 14 * day,
    partitions: 'default',
    writer: 'orders',
    description: 'Each order as its customer sees it, without personal data',
  },
  deadLetters: {
    name: 'dead-letters',
    key: 'topic/partition/offset',
    partitionedBy: 'topic/partition/offset',
    cleanup: 'delete',
    retentionMs: 90 * day,
    partitions: 'default',
    writer: 'every service',
    description: 'Records that could not be applied, with reason, position and original bytes',
  },
} as const satisfies Record<string, TopicDefinition>;
export type TopicName = keyof typeof TOPICS;
