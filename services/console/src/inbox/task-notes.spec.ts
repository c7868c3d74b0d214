import { describe, expect, it } from '@jest/globals';
import { taskNotes } from './task-notes.js';

const AT = '2026-03-01T10:00:00Z';
const NOW_MS = Date.parse(AT);
const urgencies = (task: object, nowMs = NOW_MS) =>
  taskNotes({ state: 'ACCEPTED', ...task }, nowMs, 'en').map(({ text, isUrgent }) => [text.split(' ')[0], isUrgent]);

describe('what a store should know of a task', () => {
  it('is the promise, until it is broken or the goods wait at the counter', () => {
    expect(urgencies({ promisedBy: AT }, NOW_MS - 1)).toEqual([['Promised', false]]);
    expect(urgencies({ promisedBy: AT })).toEqual([['Late:', true]]);
    expect(urgencies({ promisedBy: AT, state: 'READY_FOR_PICKUP' })).toEqual([]);
  });
  it('is that it takes too long, until when it is kept, and that its code is locked', () => {
    expect(urgencies({ escalation: { level: 'remind', at: AT } })).toEqual([['Please', true]]);
    expect(urgencies({ escalation: { level: 'manager', at: AT } })).toEqual([['Overdue:', true]]);
    expect(urgencies({ state: 'READY_FOR_PICKUP', collectBy: AT, handoverLocked: true })).toEqual([
      ['Kept', false],
      ['Too', true],
    ]);
    expect(urgencies({})).toEqual([]);
  });
  it('is who of the store brings it, and when its customer is there', () => {
    const visit = { guide: 'Li', from: AT, until: '2026-03-01T11:30:00Z' };
    const said = (task: Parameters<typeof taskNotes>[0], language: 'en' | 'zh') =>
      taskNotes(task, NOW_MS, language).map(({ text }) => text);
    expect(said({ state: 'PACKED', visit }, 'en')).toEqual([
      'Li brings it',
      expect.stringMatching(/^The customer is there from .*Mar/),
      expect.stringMatching(/^The customer is there until .*Mar/),
    ]);
    expect(said({ state: 'PACKED', visit: { guide: '李' } }, 'zh')).toEqual(['由 李 送货上门']);
  });
});
