import { expect, it } from '@jest/globals';
import { holding, placing } from './testing/order-cases.js';
import { Intake } from './testing/order-intake.js';

it('whoever held a basket hears what became of it when it was ordered before the ledger had answered', async () => {
  const intake = new Intake({ A: { 'shop-1': 1 } });
  await intake.batch(holding());
  const commands = intake.entries.flatMap((entry) => entry.commands);
  await intake.batch(placing());
  expect(intake.answers.map(({ id, state }) => [id, state])).toEqual([['place/web-1', 'RESERVING']]);
  intake.scene.commands.push(...commands);
  await intake.ledgerAnswers();
  expect(intake.answers.map(({ id, state }) => [id, state])).toEqual([
    ['place/web-1', 'ROUTED'],
    ['hold/web-1', 'ROUTED'],
  ]);
});

it('and so does whoever held it as another basket before', async () => {
  const intake = new Intake({ A: { 'shop-1': 2 } });
  await intake.batch(holding());
  const commands = intake.entries.flatMap((entry) => entry.commands);
  await intake.batch(holding({ A: 1 }, { id: 'hold/again' }));
  intake.scene.commands.push(...commands);
  await intake.ledgerAnswers();
  expect(intake.answers.map(({ id, state }) => [id, state])).toEqual([
    ['hold/again', 'HELD'],
    ['hold/web-1', 'HELD'],
  ]);
});
