import type { KafkaMessage } from 'kafkajs';
import type { ReceivedRecord } from './kafka-port.js';
import { FetchedMessage } from './kafkajs-codecs.js';
import { headersOf, RecordOfBatch } from './record-of-batch.js';

/** Compressed batches are read by kafkajs itself. */
export function toRecord(topic: string, partition: number, message: KafkaMessage): ReceivedRecord {
  if (message instanceof FetchedMessage) {
    const { offsetNumber, timestampMs, record } = message;
    return new RecordOfBatch(topic, partition, offsetNumber, timestampMs, record);
  }
  return {
    topic,
    partition,
    offset: Number(message.offset),
    timestampMs: Number(message.timestamp),
    key: message.key?.toString() ?? null,
    value: message.value ?? null,
    headers: headersOf(message.headers),
  };
}
