import { describe, expect, it } from '@jest/globals';
import { RecordTooLargeError } from './errors.js';
import { encodeProduceRequest, encodeRecords, type RecordToEncode } from './kafka-writer.js';
import { recordsIn } from './records-to-send.js';

const shared = { 'sl-epoch': '1:2:3' };
const record = (i: number, value: string | null = `{"units":${i}}`): RecordToEncode => ({
  key: `货-${i}`,
  value,
  sharedHeaders: shared,
  headers: { ce_id: `id-${i}` },
});
const records = (count: number, value?: string) => Array.from({ length: count }, (_, i) => record(i, value));

describe('EncodedRecords', () => {
  it('are what they were made of', () => {
    const [piece, ...others] = encodeRecords('t/0', [record(0), record(1, null)]);
    expect(others).toEqual([]);
    expect(recordsIn(piece!)).toEqual([
      { key: '货-0', value: Buffer.from('{"units":0}'), headers: { ...shared, ce_id: 'id-0' } },
      { key: '货-1', value: null, headers: { ...shared, ce_id: 'id-1' } },
    ]);
  });

  it('are sent as the same bytes as the records themselves', () => {
    const requestOf = (toSend: Parameters<typeof encodeProduceRequest>[0]['topics'][0]['partitions'][0]['records']) =>
      encodeProduceRequest({
        acks: -1,
        timeoutMs: 1000,
        topics: [
          {
            topic: 't',
            partitions: [
              {
                partition: 3,
                records: toSend,
                timestampMs: 1_700_000_000_000,
                producerId: -1n,
                producerEpoch: 0,
                firstSequence: 0,
              },
            ],
          },
        ],
      });
    // More than 64, so that the numbers of the later ones take two bytes.
    const many = records(200);
    const [piece] = encodeRecords('t/3', many);
    expect(requestOf(piece!)).toEqual(requestOf(many));
  });

  it('are divided where Kafka takes no more at once, each piece counted from its own beginning', () => {
    const byCount = encodeRecords('t/0', records(4001));
    expect(byCount.map(({ length }) => length)).toEqual([4000, 1]);
    const byBytes = encodeRecords('t/0', records(5, 'x'.repeat(300_000)));
    expect(byBytes.map(({ length }) => length)).toEqual([2, 2, 1]);
    for (const pieces of [byCount, byBytes])
      expect(pieces.flatMap((piece) => recordsIn(piece).map(({ key }) => key))).toEqual(
        records(pieces.reduce((sum, { length }) => sum + length, 0)).map(({ key }) => key),
      );
    for (const piece of byBytes)
      expect(piece.decoded().map(({ offsetDelta }) => offsetDelta)).toEqual(
        Array.from({ length: piece.length }, (_, i) => i),
      );
  });

  it('refuses one that Kafka would refuse', () => {
    expect(() => encodeRecords('t/0', [record(0), record(1, 'x'.repeat(1_000_001))])).toThrow(RecordTooLargeError);
    expect(encodeRecords('t/0', [record(0)])).toHaveLength(1);
  });
});
