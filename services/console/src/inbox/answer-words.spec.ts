import { describe, expect, it } from '@jest/globals';
import type { StoreTask } from '@shelfline/client/store';
import { answerWords } from './answer-words.js';

const refused = (code: string, allowed?: readonly string[]) => ({
  ok: false as const,
  code,
  detail: 'as told',
  allowed,
});
const packed = { state: 'PACKED', actions: ['ship', 'reject'] } as unknown as StoreTask;

describe('why nothing was done', () => {
  it('names the state and what is allowed instead', () => {
    const answer = refused('out_of_state', ['ship', 'reject']);
    expect(answerWords(answer, packed, 'en')).toBe('The order is now: Packed. What can be done: Ship, Reject.');
    expect(answerWords(answer, packed, 'zh')).toBe('订单现为：已打包。可以进行：发货、拒单。');
  });
  it('falls back on what the task itself allows', () => {
    expect(answerWords(refused('out_of_state'), packed, 'en')).toContain('Ship, Reject');
  });
  it('says when nothing can be done, or another screen was faster', () => {
    expect(answerWords(refused('out_of_state', []), packed, 'en')).toContain('Nothing more can be done');
    expect(answerWords(refused('out_of_state', []), undefined, 'en')).toContain('another screen');
    expect(answerWords(refused('not_found'), undefined, 'en')).toContain('not open here any more');
  });
  it('says of a code that it is missing, wrong or locked, and what to do', () => {
    expect(answerWords(refused('code_missing'), packed, 'en')).toContain('Ask the customer to show it');
    expect(answerWords(refused('wrong_code'), packed, 'zh')).toContain('不是该订单的取货码');
    expect(answerWords(refused('handover_locked'), packed, 'en')).toContain('let a manager decide');
  });
  it('does not claim to know what came of it when no answer came', () => {
    expect(answerWords(refused('no_answer'), packed, 'en')).toContain('may or may not be done');
    expect(answerWords(refused('offline'), packed, 'en')).toContain('nothing was sent');
  });
  it('hands on the server’s words where it has none of its own', () => {
    expect(answerWords(refused('something_new'), packed, 'en')).toBe('The server says: as told');
  });
});
