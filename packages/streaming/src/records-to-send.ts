import { type DecodedRecord, decodeRecords } from './record-batch.js';

export interface RecordToSend {
  readonly key: string;
  readonly value: string | Buffer | null;
  /** One object for many records, which is encoded once and never changed; `headers` come after these. */
  readonly sharedHeaders?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Records of one partition as they will stand in a record batch, whose header alone is missing. A batch's outputs are
 * kept so from its decision until Kafka has them: as bytes they are one thing, as objects ten thousand, each of which
 * the garbage collector carries on twice. They go as they are, in a request of their own.
 */
export class EncodedRecords {
  constructor(
    readonly length: number,
    readonly bytes: Buffer,
  ) {}

  decoded(): DecodedRecord[] {
    return decodeRecords(this.bytes, 0, this.length);
  }
}

export type RecordsToSend = readonly RecordToSend[] | EncodedRecords;

/** For whoever looks at what is sent. */
export const recordsIn = (records: RecordsToSend): readonly RecordToSend[] =>
  records instanceof EncodedRecords ? records.decoded().map(toSend) : records;

const toSend = ({ key, value, headers }: DecodedRecord): RecordToSend => ({
  key: key?.toString() ?? '',
  value,
  headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, String(text ?? '')])),
});
