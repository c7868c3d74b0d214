import { TOPICS } from '@shelfline/contracts/topics';
import { cached, isForward } from './batch-sorting.js';
import { jsonOf } from './json-text.js';
import type { KafkaPort } from './kafka-port.js';
import { encodeRecords, type RecordToEncode } from './kafka-writer.js';
import { partitionFor } from './partitioner.js';
import type { EncodedRecords } from './records-to-send.js';
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

/** Outputs as their partitions will get them. */
export interface PreparedOutputs {
  readonly count: number;
  readonly sends: readonly PreparedSend[];
}
interface PreparedSend {
  readonly topic: string;
  readonly partition: number;
  /** Each is a request. */
  readonly pieces: readonly EncodedRecords[];
}
export const NO_OUTPUTS: PreparedOutputs = { count: 0, sends: [] };

interface Group {
  readonly topic: string;
  readonly partition: number;
  readonly outputs: OutputRecord[];
}

/** Turns outputs into records of their partitions and sends them. */
export class OutputSender {
  /** Grows with every send, so of two records of one epoch the smaller number is the older state. */
  private sends = 0;

  constructor(private readonly options: OutputSenderOptions) {}

  /** Of one input partition, in the order in which they will be sent. */
  prepare(outputs: readonly OutputRecord[], inputPartition: number, epoch: number): PreparedOutputs {
    if (outputs.length === 0) return NO_OUTPUTS;
    const mark = `${inputPartition}:${epoch}:${++this.sends}`;
    const headersByType = cached((type: string) => ({
      // First, as the tail watch looks for it in every record.
      [EPOCH_HEADER]: mark,
      ce_specversion: '1.0',
      ce_type: type,
      ce_source: this.options.source,
      'content-type': 'application/json',
    }));
    const sends = [...this.groupsOf(outputs, inputPartition)].map(([name, { topic, partition, outputs }]) => {
      return { topic, partition, pieces: encodeRecords(name, recordsOf(outputs, headersByType)) };
    });
    return { count: outputs.length, sends };
  }

  private groupsOf(outputs: readonly OutputRecord[], inputPartition: number): Map<string, Group> {
    const { prefix } = this.options;
    const groups = new Map<string, Group>();
    const same = new Map<OutputRecord['topic'], Group>();
    for (const output of outputs) {
      const known = output.partition === 'same' ? same.get(output.topic) : undefined;
      if (known) {
        known.outputs.push(output);
        continue;
      }
      const partition =
        output.partition === 'same' ? inputPartition : partitionFor(output.partition.by, this.count(output.topic.name));
      const name = `${output.topic.name}/${partition}`;
      let group = groups.get(name);
      if (!group) groups.set(name, (group = { topic: topicName(output.topic, prefix), partition, outputs: [] }));
      if (output.partition === 'same') same.set(output.topic, group);
      group.outputs.push(output);
    }
    return groups;
  }

  /** Resolves when all are acknowledged. */
  async sendPrepared({ sends }: PreparedOutputs): Promise<void> {
    await Promise.all(sends.map((send) => this.sendPieces(send)));
  }

  /** One after the other: together they may be more than may wait, and none is sent after one that failed. */
  private async sendPieces({ topic, partition, pieces }: PreparedSend): Promise<void> {
    for (const records of pieces) await this.options.kafka.send(topic, partition, records);
  }

  async send(outputs: readonly OutputRecord[], inputPartition: number, epoch: number): Promise<number> {
    await this.sendPrepared(this.prepare(outputs, inputPartition, epoch));
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

type Headers = Readonly<Record<string, string>>;

function* recordsOf(
  outputs: readonly OutputRecord[],
  headersOf: (type: string) => Headers,
): Generator<RecordToEncode, void> {
  for (const output of outputs) {
    const { key, value, type, headers } = output;
    const id = { ce_id: eventIdOf(output) };
    yield {
      key,
      value: value === null ? null : jsonOf(value),
      sharedHeaders: headersOf(type),
      headers: headers ? { ...id, ...headers } : id,
    };
  }
}
