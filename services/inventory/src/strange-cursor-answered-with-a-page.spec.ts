import { describe, expect, it } from '@jest/globals';
import { CursorError, encodeCursor, StockQueries } from './stock-queries.repository.js';

/** Words for times, and times that no date reaches, were taken for places in the list. */
describe('a cursor of movements that nobody gave out', () => {
  const queries = new StockQueries({ collection: () => ({}) } as never, {} as never);

  it.each([
    ['words for times', ['yesterday', 1, 'pos/1', 'today']],
    ['a time that no date reaches', [1e300, 1, 'pos/1', 5]],
    ['a pack of no time', [5, 1, 'pos/1', '5']],
    ['a version that is none', [5, 'new', 'pos/1', 5]],
    ['a number for an id', [5, 1, 7, 5]],
    ['one of the levels', ['A-1@dc']],
  ])('is refused: %s', async (_, position) => {
    const page = queries.findMovements({ sku: 'A-1' }, 10, encodeCursor(position));
    await expect(page).rejects.toBeInstanceOf(CursorError);
  });

  it('is refused where a number is too large to be read', async () => {
    const cursor = Buffer.from('[1e999,1,"pos/1",5]').toString('base64url');
    await expect(queries.findMovements({ sku: 'A-1' }, 10, cursor)).rejects.toBeInstanceOf(CursorError);
  });
});
