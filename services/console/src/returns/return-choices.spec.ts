import { describe, expect, it } from '@jest/globals';
import { Disposition, ReturnCondition } from '@shelfline/contracts/return';
import { CONDITIONS, choiceOf, FATES, toDispose, toInspect, withCondition } from './return-choices.js';

const line = (lineId: string, receivedUnits: number, acceptedUnits = 0, declinedUnits = 0, disposedUnits = 0) => ({
  lineId,
  sku: 'A',
  receivedUnits,
  acceptedUnits,
  declinedUnits,
  disposedUnits,
});

describe('what a store decides of a return', () => {
  it('is named as the data standard names it', () => {
    for (const condition of CONDITIONS) expect(ReturnCondition.options).toContain(condition);
    for (const fate of FATES) expect(Disposition.options).toContain(fate);
    expect([...CONDITIONS].sort()).toEqual([...ReturnCondition.options].sort());
  });
  it('is the usual thing for its condition unless told otherwise', () => {
    expect(choiceOf({}, '1')).toEqual({ condition: 'as_new', fate: 'restock' });
    expect(withCondition('wrong_item').fate).toBe('hand_back');
    expect(choiceOf({ 1: { condition: 'opened', fate: 'restock' } }, '1').fate).toBe('restock');
  });
  it('is asked of what has come and was not looked at, then of what lies there', () => {
    const lines = [line('1', 3, 1), line('2', 2, 0, 2), line('3', 0), line('4', 1, 1, 0, 1)];
    expect(toInspect({ lines }, { 1: withCondition('damaged') })).toEqual([
      { lineId: '1', units: 2, condition: 'damaged' },
    ]);
    expect(toDispose({ lines }, {})).toEqual([
      { lineId: '1', units: 1, to: 'restock' },
      { lineId: '2', units: 2, to: 'hand_back' },
    ]);
  });
});
