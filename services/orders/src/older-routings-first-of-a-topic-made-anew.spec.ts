import { expect, it } from '@jest/globals';
import { versionOf } from '@shelfline/contracts/stock-level';
import type { Routing } from './order-entry.js';
import { newestRoutings } from './orders.repository.js';

it('shows the newest routing first though the topic’s offsets began anew', () => {
  const routing = (generation: number, offset: number) =>
    ({ version: versionOf(generation, offset), why: { decidedAtMs: generation } }) as unknown as Routing;
  const [old, older, newest] = [routing(1, 900), routing(1, 5), routing(2, 3)];
  const entries = [{ routings: [old] }, { routings: [older] }, {}, { routings: [newest] }];
  expect(newestRoutings(entries, 2)).toEqual([newest, old]);
});
