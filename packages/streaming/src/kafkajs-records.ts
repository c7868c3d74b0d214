import type { KafkaMessage } from 'kafkajs';
import type { ReceivedRecord } from './kafka-port.js';
import { FetchedMessage } from './kafkajs-codecs.js';

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});

type HeaderValue = Buffer | string | (Buffer | string | null)[] | null | undefined;
/** A header may lack a value or come several times (the first one counts): neither may stop a reader. */
const text = (value: HeaderValue): string =>
  Array.isArray(value) ? text(value[0]) : value === undefined || value === null ? '' : value.toString();

function headersOf(headers: Readonly<Record<string, HeaderValue>> | undefined): Readonly<Record<string, string>> {
  if (!headers) return NO_HEADERS;
  // A null prototype: a header called __proto__ is data.
  const read: Record<string, string> = Object.create(null);
  for (const name of Object.keys(headers)) read[name] = text(headers[name]);
  return read;
}

const headerNames = new Map<string, Buffer>();
function nameBytes(name: string): Buffer {
  let bytes = headerNames.get(name);
  // As many as our code has names for, none of them from outside.
  if (!bytes) headerNames.set(name, (bytes = Buffer.from(name)));
  return bytes;
}

/** A message of our own codec: fields are read when somebody asks for them. */
class FetchedRecord implements ReceivedRecord {
  private readKey: string | null | undefined;
  private readValue: Buffer | null | undefined;
  private readHeaders: Readonly<Record<string, string>> | undefined;

  constructor(
    readonly topic: string,
    readonly partition: number,
    private readonly message: FetchedMessage,
  ) {}

  get offset(): number {
    return this.message.offsetNumber;
  }
  get timestampMs(): number {
    return this.message.timestampMs;
  }
  get key(): string | null {
    return (this.readKey ??= this.message.key?.toString() ?? null);
  }
  get value(): Buffer | null {
    return (this.readValue ??= this.message.value);
  }
  get headers(): Readonly<Record<string, string>> {
    return (this.readHeaders ??= headersOf(this.message.headers));
  }
  header(name: string): string | undefined {
    const value = this.message.header(nameBytes(name));
    return value === undefined ? undefined : (value?.toString() ?? '');
  }
}

/** Compressed batches are read by kafkajs itself. */
export function toRecord(topic: string, partition: number, message: KafkaMessage): ReceivedRecord {
  if (message instanceof FetchedMessage) return new FetchedRecord(topic, partition, message);
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
