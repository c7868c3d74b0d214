import { describe, expect, it } from '@jest/globals';
import { placeOrders } from './place-orders.js';
import { placing } from './testing/order-cases.js';
import { Intake } from './testing/order-intake.js';

/** As REST answers it, of the answer on the topic. */
async function answered(wish: 'split' | 'cancel_rest' | 'wait_for_all') {
  const intake = new Intake({ A: { dc: 12 } });
  const order = placing({ A: 500 }, { wish });
  await intake.batch(order);
  const [first] = intake.answers;
  await intake.ledgerAnswers();
  const [outcome = first] = intake.answers;
  const { type: _type, id: _id, source: _source, ...body } = order;
  const desk = { ask: () => Promise.resolve([{ kind: 'answered' as const, outcome: outcome! }]) };
  return (await placeOrders([body], desk)).items[0];
}

describe('five hundred of which twelve were there', () => {
  it('are answered as placed with how many are promised and how many wait', async () => {
    expect(await answered('split')).toMatchObject({ result: 'placed', promisedUnits: 12, waitingUnits: 488 });
  });
  it('say what was cancelled, where the rest is not wanted', async () => {
    const item = await answered('cancel_rest');
    expect(item).toMatchObject({ result: 'placed', promisedUnits: 12, cancelledUnits: 488 });
    expect(item).not.toHaveProperty('waitingUnits');
  });
  it('are promised not at all where all are wanted', async () => {
    expect(await answered('wait_for_all')).toMatchObject({
      result: 'out_of_stock',
      promisedUnits: 0,
      waitingUnits: 500,
    });
  });
});
