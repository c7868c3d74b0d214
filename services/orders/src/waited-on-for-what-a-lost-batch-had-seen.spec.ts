import { expect, it } from '@jest/globals';
import { RisenStock } from './risen-stock.js';
import { placing } from './testing/order-cases.js';
import { Intake, PARTITION } from './testing/order-intake.js';

async function waiting() {
  const intake = new Intake({ A: { 'shop-1': 0 } });
  await intake.batch(placing());
  await intake.batch('tick');
  intake.scene.ledger.receive('A', 'shop-1', 5);
  intake.risen.rose('A');
  return intake;
}

it('an order waited on, though what it waits for had come: the batch that saw it was lost', async () => {
  const intake = await waiting();
  await intake.lost('tick');
  expect(intake.entries).toMatchObject([{ outcome: 'due', commands: [{ type: 'reserve' }] }]);
  await intake.batch('tick');
  expect(intake.entries).toMatchObject([{ outcome: 'due', commands: [{ type: 'reserve' }] }]);
});
it('is told of it once: a committed batch has looked', async () => {
  const intake = await waiting();
  await intake.batch('tick');
  expect(intake.risen.take(PARTITION)).toEqual([]);
});

it('what rises while a decision is being committed is seen by the next', () => {
  const risen = new RisenStock();
  risen.take(1);
  risen.committed(1);
  risen.rose('A');
  expect(risen.take(1)).toEqual(['A']);
  risen.rose('A');
  risen.rose('B');
  risen.committed(1);
  expect(risen.take(1)).toEqual(['A', 'B']);
  expect(risen.take(1)).toEqual(['A', 'B']);
  risen.committed(1);
  expect(risen.take(1)).toEqual([]);
});
