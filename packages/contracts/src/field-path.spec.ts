import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { fieldPath } from './field-path.js';
import { faultsIn } from './issue-words.js';

it.each([
  [[], ''],
  [['lines', 0, 'sku'], 'lines[0].sku'],
  [[0, 'sku'], '[0].sku'],
  [['pools', 1, 'locations', 2], 'pools[1].locations[2]'],
  [['query', ''], 'query'],
  [['query', 'lines[0].sku'], 'query.lines[0].sku'],
  [['ids', '[3]'], 'ids[3]'],
])('%j is written %s', (parts, path) => {
  expect(fieldPath(...parts)).toBe(path);
});

it('was named in two forms, by what a schema found and by what was refused', () => {
  const schema = z.object({ lines: z.array(z.object({ quantity: z.int().min(1) })) });
  const value = { lines: [{ quantity: 1 }, { quantity: 0 }] };
  const { error } = schema.safeParse(value);
  expect(faultsIn(error!.issues as never, value)).toMatchObject([{ path: 'lines[1].quantity' }]);
});
