import { describe, expect, it } from '@jest/globals';
import { type ParsedRecord, sortBatch } from './batch-sorting.js';
import type { LedgerEntry } from './stream.js';

interface Asked {
  readonly by: string;
}
const asked = (offset: number, by: string, contentHash: string): ParsedRecord<Asked> => ({
  record: { topic: 't', partition: 0, offset, timestampMs: 1, key: 'k', value: null, headers: {} },
  parsed: { kind: 'message', id: `${by}/1`, contentHash, message: { by } },
});
const entryOf = (id: string): LedgerEntry => ({
  _id: id,
  contentHash: 'first',
  partition: 0,
  offset: 0,
  outcome: 'applied',
});

const options = {
  topic: 't',
  partitions: 1,
  generation: 1,
  answersConflict: ({ by }: Asked) => by === 'desk',
};
const shown = ({ items, repeats, repeatedInBatch, deadLetters }: ReturnType<typeof sortBatch<Asked>>) => ({
  items: items.map(({ record }) => record.offset),
  repeats: repeats.map(({ note, entry }) => `${note.offset} of ${entry._id}`),
  repeatedInBatch,
  deadLetters: deadLetters.map(({ offset, reason }) => `${offset} ${reason}`),
});

describe('a message under an id that another one had before', () => {
  it('is answered with what that came to where somebody waits for an answer, and else a dead letter', () => {
    const known = new Map(['desk/1', 'file/1'].map((id) => [id, entryOf(id)]));
    const batch = [asked(4, 'desk', 'other'), asked(5, 'file', 'other'), asked(6, 'file', 'first')];
    expect(shown(sortBatch(options, batch, known))).toEqual({
      items: [],
      repeats: ['4 of desk/1', '6 of file/1'],
      repeatedInBatch: 0,
      deadLetters: ['5 conflict'],
    });
  });

  it('is answered by the answer to that one where both are in a batch', () => {
    const batch = [
      asked(4, 'desk', 'first'),
      asked(5, 'desk', 'other'),
      asked(6, 'file', 'first'),
      asked(7, 'file', 'other'),
    ];
    expect(shown(sortBatch(options, batch, new Map()))).toEqual({
      items: [4, 6],
      repeats: [],
      repeatedInBatch: 1,
      deadLetters: ['7 conflict'],
    });
  });
});
