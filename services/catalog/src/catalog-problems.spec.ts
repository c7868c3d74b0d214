import { describe, expect, it } from '@jest/globals';
import { refusal } from './catalog-problems.js';

describe('a change that the catalog refuses', () => {
  it('is told in the words of every other service, with what to do', () => {
    const { detail } = refusal([
      { field: 'type', code: 'invalid', detail: 'must be one of store, agent' },
      { field: 'latitude', code: 'invalid', detail: 'is missing' },
    ]);
    expect(detail).toBe(
      'type must be one of store, agent; latitude is missing. Nothing was changed; correct the fields listed under errors and send it again.',
    );
  });

  it('is not told to correct its fields where none is wrong', () => {
    const { status, detail } = refusal([{ field: '', code: 'not_found', detail: 'locations has no x to remove' }]);
    expect({ status, detail }).toEqual({ status: 404, detail: 'locations has no x to remove.' });
  });
});
