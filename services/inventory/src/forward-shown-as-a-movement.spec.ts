import { expect, it } from '@jest/globals';
import { MOVEMENT_PACKS } from './movement-packs.js';
import { MovementReader } from './movement-reader.js';

it('is not found as a delta: what stands under a forward’s id is no movement and cannot be shown as one', async () => {
  const _id = '\u0001forward/inventory.deltas/0/5';
  const forward = { _id, contentHash: '', partition: 0, offset: 5, outcome: 'forwarded', key: 'A-1' };
  const [pack] = MOVEMENT_PACKS.toDocuments([forward], 'commit');
  const reader = new MovementReader({ findOne: async () => pack } as never);
  expect(await reader.find(_id)).toBeUndefined();
});
