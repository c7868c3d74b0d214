import { randomUUID } from 'node:crypto';
import { connectKafka } from './kafkajs-port.js';
import { describeKafkaPort } from './testing/kafka-port.contract.js';

describeKafkaPort(
  'kafkajs on a real broker',
  () => connectKafka({ brokers: process.env['KAFKA_BROKERS']!.split(','), clientId: 'contract' }),
  () => `contract-${randomUUID()}`,
);
