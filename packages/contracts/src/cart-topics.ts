const DAY_MS = 24 * 60 * 60 * 1000;

/** Of members' carts: part of TOPICS. */
export const CART_TOPICS = {
  cartIntake: {
    name: 'orders.cart-intake',
    key: 'memberId',
    partitionedBy: 'memberId',
    cleanup: 'delete',
    retentionMs: 30 * DAY_MS,
    partitions: 'default',
    writer: 'orders (REST, what became of orders made of carts, ticks), any integrator',
    description: 'What is asked of members’ carts, in the order it is applied',
  },
  cartOutcomes: {
    name: 'orders.cart-outcomes',
    key: 'memberId',
    partitionedBy: 'memberId',
    cleanup: 'delete',
    retentionMs: 14 * DAY_MS,
    partitions: 'default',
    writer: 'orders',
    description: 'Answers to what was asked of members’ carts',
  },
  carts: {
    name: 'orders.carts',
    key: 'memberId',
    partitionedBy: 'memberId',
    cleanup: 'compact',
    retentionMs: 14 * DAY_MS,
    partitions: 'default',
    writer: 'orders',
    description: 'Newest state of each member’s cart',
  },
} as const;
