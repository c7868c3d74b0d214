import type { ReceivedRecord } from './kafka-port.js';
import type { DecodedRecord } from './record-batch.js';

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});

export type HeaderValue = Buffer | string | (Buffer | string | null)[] | null | undefined;
/** A header may lack a value or come several times (the first one counts): neither may stop a reader. */
const text = (value: HeaderValue): string =>
  Array.isArray(value) ? text(value[0]) : value === undefined || value === null ? '' : value.toString();

export function headersOf(
  headers: Readonly<Record<string, HeaderValue>> | undefined,
): Readonly<Record<string, string>> {
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

/** A record that stands in a batch's bytes: fields are read when somebody asks for them. */
export class RecordOfBatch implements ReceivedRecord {
  private readKey: string | null | undefined;

  constructor(
    readonly topic: string,
    readonly partition: number,
    readonly offset: number,
    readonly timestampMs: number,
    private readonly record: DecodedRecord,
  ) {}

  get key(): string | null {
    return (this.readKey ??= this.record.keyText());
  }
  get value(): Buffer | null {
    return this.record.value;
  }
  get headers(): Readonly<Record<string, string>> {
    return headersOf(this.record.headers);
  }
  valueText(): string | null {
    return this.record.valueText();
  }
  header(name: string): string | undefined {
    return this.record.headerText(nameBytes(name));
  }
}
