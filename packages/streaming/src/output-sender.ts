import { TOPICS } from '@shelfline/contracts/topics';
import { isForward } from './batch-sorting.js';
import { jsonOf } from './json-text.js';
import type { KafkaPort, RecordToSend } from './kafka-port.js';
import { partitionFor } from './partitioner.js';
import type { DeadLetter, LedgerEntry, OutputRecord } from './stream.js';
import { topicName } from './topics-setup.js';

/** `input partition:epoch:running number of the send`: tells late records from the owner's newest (see tail-watch.ts). */
export const EPOCH_HEADER = 'sl-epoch';
/** A dead letter is published up to these lengths; the database keeps all of it. As JSON a character may take six bytes. */
const MAX_DEAD_LETTER_BYTES = 256 * 1024;
const MAX_DEAD_LETTER_KEY = 4096;
const MAX_DEAD_LETTER_HEADERS = 32 * 1024;

export interface OutputSenderOptions {
  readonly kafka: KafkaPort;
  readonly prefix: string;
  /** By unprefixed topic name. */
  readonly partitions: ReadonlyMap<string, number>;
  readonly source: string;
}

/** The same output sent again has the same id, so that readers can tell a repeat. */
function eventIdOf({ key, value, type }: OutputRecord): string {
  const { id, version } = (value ?? {}) as { id?: unknown; version?: unknown };
  return `${type}/${typeof id === 'string' ? id : key}${typeof version === 'number' ? `@${version}` : ''}`;
}

/** As many headers as fit into so many characters. */
function firstOf(headers: Readonly<Record<string, string>>, characters: number): Record<string, string> {
  const kept: [string, string][] = [];
  let left = characters;
  for (const [name, text] of Object.entries(headers)) {
    left -= name.length + text.length;
    if (left < 0) break;
    kept.push([name, text]);
  }
  return Object.fromEntries(kept);
}

/** Turns outputs into records of their partitions and sends them; resolves when all are acknowledged. */
export class OutputSender {
  /** Grows with every send, so of two records of one epoch the smaller number is the older state. */
  private sends = 0;

  constructor(private readonly options: OutputSenderOptions) {}

  async send(outputs: readonly OutputRecord[], inputPartition: number, epoch: number): Promise<number> {
    const { kafka, prefix } = this.options;
    const number = ++this.sends;
    const groups = new Map<string, { topic: string; partition: number; records: RecordToSend[] }>();
    const headersByType = new Map<string, Record<string, string>>();
    for (const output of outputs) {
      const partition =
        output.partition === 'same' ? inputPartition : partitionFor(output.partition.by, this.count(output.topic.name));
      const name = `${output.topic.name}/${partition}`;
      let group = groups.get(name);
      if (!group) {
        group = { topic: topicName(output.topic, prefix), partition, records: [] };
        groups.set(name, group);
      }
      let headers = headersByType.get(output.type);
      if (!headers) {
        headers = {
          // First, as the tail watch looks for it in every record.
          [EPOCH_HEADER]: `${inputPartition}:${epoch}:${number}`,
          ce_specversion: '1.0',
          ce_type: output.type,
          ce_source: this.options.source,
          'content-type': 'application/json',
        };
        headersByType.set(output.type, headers);
      }
      group.records.push({
        key: output.key,
        value: output.value === null ? null : jsonOf(output.value),
        sharedHeaders: headers,
        headers: output.headers ? { ce_id: eventIdOf(output), ...output.headers } : { ce_id: eventIdOf(output) },
      });
    }
    await Promise.all(
      [...groups.values()].map(({ topic, partition, records }) => kafka.send(topic, partition, records)),
    );
    return outputs.length;
  }

  /** Original bytes and headers go to the partition of the record's key. */
  async forward(entries: readonly LedgerEntry[], topic: { name: string; full: string }): Promise<void> {
    for (const entry of entries) {
      if (!isForward(entry)) continue;
      await this.options.kafka.send(topic.full, partitionFor(entry.key, this.count(topic.name)), [
        {
          key: entry.key,
          value: entry.value === null ? null : Buffer.from(entry.value, 'base64'),
          headers: Object.fromEntries(entry.headers),
        },
      ]);
    }
  }

  deadLetterOutput({ _id, value, key, headers, ...rest }: DeadLetter): OutputRecord {
    const shown = value === null ? null : value.subarray(0, MAX_DEAD_LETTER_BYTES);
    return {
      topic: TOPICS.deadLetters,
      key: _id,
      partition: { by: _id },
      type: 'shelfline.dead-letter',
      value: {
        id: _id,
        ...rest,
        key: key?.slice(0, MAX_DEAD_LETTER_KEY) ?? null,
        headers: firstOf(headers, MAX_DEAD_LETTER_HEADERS),
        value: shown === null ? null : shown.toString('base64'),
        ...(value !== null && value.length > MAX_DEAD_LETTER_BYTES ? { truncatedFromBytes: value.length } : {}),
      },
    };
  }

  private count(topic: string): number {
    const count = this.options.partitions.get(topic);
    if (count === undefined) throw new Error(`topic ${topic} was not set up`);
    return count;
  }
}
