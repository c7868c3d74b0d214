import { expect, it } from '@jest/globals';
import { returnEffects } from './domain/returns/return-effects.js';
import { entryOutputs, toldEvents } from './order-outputs.js';
import { doing } from './testing/order-cases.js';
import { asking, shipped } from './testing/return-cases.js';

it('tells no second completion when something of a completed order comes back', () => {
  const scene = shipped();
  scene.when(doing('deliver', { store: 'dc' }));
  expect(toldEvents(scene.order, scene.events, false).map(({ type }) => type)).toContain('completed');
  scene.when(asking({ A: 1 }));
  expect(scene.order.state).toBe('COMPLETED');
  expect(toldEvents(scene.order, scene.events, false)).toEqual([]);
  const entry = { _id: '', contentHash: '', partition: 0, offset: 0, outcome: 'applied', told: [], commands: [] };
  const returns = returnEffects(scene.order, scene.events)!;
  const outputs = entryOutputs({ ...entry, orderId: 'web-1', returns });
  expect(outputs.map(({ topic }) => topic.name)).toEqual(['orders.returns']);
});
