import { describe, expect, it } from '@jest/globals';
import { notedIn } from './mongo-documents.js';

/** A version noted the last commit's entries in other fields: its outputs were lost when it ended before sending them. */
describe('what may be unpublished of a checkpoint', () => {
  const unpublished = JSON.stringify([
    [5, ['a']],
    [7, ['b']],
  ]);

  it('is what its last commits noted and did not tell to be published', () => {
    expect(notedIn({ published: -1 })).toEqual([]);
    expect(notedIn({ published: 5, unpublished })).toEqual([[7, ['b']]]);
  });

  it('is what the version before noted, where that made the last commit', () => {
    const noted = { lastEntries: '["c","d"]', lastEntriesNext: 9 };
    expect(notedIn({ published: 7, ...noted })).toEqual([[9, ['c', 'd']]]);
    expect(notedIn({ published: 7, unpublished, ...noted })).toEqual([[9, ['c', 'd']]]);
  });

  it('is nothing of what that version noted before this one committed', () => {
    expect(notedIn({ published: 5, unpublished, lastEntries: '["z"]', lastEntriesNext: 4 })).toEqual([[7, ['b']]]);
  });

  it('is noted once, though both say it', () => {
    expect(notedIn({ published: 5, unpublished, lastEntries: '["b"]', lastEntriesNext: 7 })).toEqual([[7, ['b']]]);
  });
});
