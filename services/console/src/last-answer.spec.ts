import { describe, expect, it } from '@jest/globals';
import { withAnswer } from './last-answer.js';

describe('what a list that is asked for again shows', () => {
  const before = withAnswer<string[]>({}, { kind: 'done', value: ['a stop'] }, 1000);

  it('stood there as if it were true after the connection was lost, without a word of how old it was', () => {
    const lost = withAnswer(before, { kind: 'uncertain', reason: 'no answer' }, 2000);
    expect(lost).toEqual({ found: ['a stop'], foundAtMs: 1000, failure: 'no answer' });
  });

  it('is told without a failure again as soon as there is an answer', () => {
    const lost = withAnswer(before, { kind: 'uncertain', reason: 'no answer' }, 2000);
    expect(withAnswer(lost, { kind: 'done', value: [] }, 3000)).toEqual({ found: [], foundAtMs: 3000 });
  });

  it('is gone once the server refuses it', () => {
    expect(withAnswer(before, { kind: 'refused', reason: 'not yours' }, 2000)).toEqual({ failure: 'not yours' });
  });
});
