import type { TopicDefinition } from './topic-definition.js';

const day = 24 * 60 * 60 * 1000;

/** What stores do besides their tasks. */
export const STORE_TOPICS = {
  courierIntake: {
    name: 'couriers.intake',
    key: 'orderId',
    partitionedBy: 'orderId',
    cleanup: 'delete',
    retentionMs: 30 * day,
    partitions: 'default',
    writer: 'orders (packed tasks, couriers’ answers and webhooks, ticks)',
    description: 'What is asked of couriers for parcels, and what they said, in the order it is applied',
  },
  appointmentIntake: {
    name: 'appointments.intake',
    key: 'store',
    partitionedBy: 'store',
    cleanup: 'delete',
    retentionMs: 30 * day,
    partitions: 'default',
    writer: 'orders (REST, ticks), any integrator',
    description: 'Slots at stores that are booked, moved and given back, in the order it is applied',
  },
  appointmentOutcomes: {
    name: 'appointments.outcomes',
    key: 'store',
    partitionedBy: 'store',
    cleanup: 'delete',
    retentionMs: 14 * day,
    partitions: 'default',
    writer: 'orders',
    description: 'Answers to what was asked of appointments',
  },
} as const satisfies Record<string, TopicDefinition>;
