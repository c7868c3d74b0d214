import { describe, expect, it } from '@jest/globals';
import { guidesOf, type RoundStop } from './round-desk.js';
import { stopNotes } from './stop-notes.js';

const stop: RoundStop = { taskId: 'o-1/1', orderId: 'o-1' };
const said = (over: Partial<RoundStop>, language: 'en' | 'zh' = 'en') => stopNotes({ ...stop, ...over }, language);

describe('a stop of today’s round', () => {
  it('says when it is reached, how far it is and what its customer was promised', () => {
    const at = { arriveAt: '2026-06-01T10:00:00Z', distanceM: 2345, promisedBy: '2026-06-01T12:00:00Z' };
    expect(said(at).map(({ text, isUrgent }) => [text, isUrgent])).toEqual([
      [expect.stringMatching(/^There about .*, 2\.3 km from the stop before$/), false],
      [expect.stringMatching(/^Promised to the customer by /), false],
    ]);
    expect(said(at, 'zh')[0]?.text).toMatch(/2\.3 公里/);
  });
  it('says why it is late, as something to be done about', () => {
    const late = (lateBecause: string, lateMinutes = 12) => said({ lateMinutes, lateBecause }).at(-1);
    expect(late('over_before')).toEqual({
      text: 'Late by 12 min. Its time was over before anybody set out: call the customer.',
      isUrgent: true,
    });
    expect(late('too_far', 300)?.text).toMatch(/^Late by 5 h\. The way there/);
    expect(late('others_first')?.text).toMatch(/others go before it/);
    expect(late('a reason of a later version')?.text).toBe('Late by 12 min.');
  });
  it('that is nowhere on the map is no secret', () => {
    expect(said({})[0]?.text).toMatch(/nowhere on the map/);
  });
  it('may be somebody’s, who can be chosen', () => {
    const of = (guide: string) => ({ ...stop, visit: { guide } });
    expect(guidesOf({ stops: [of('Wu'), stop, of('Li'), of('Wu')] })).toEqual(['Li', 'Wu']);
  });
});
