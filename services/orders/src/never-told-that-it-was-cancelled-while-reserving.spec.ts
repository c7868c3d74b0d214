import { expect, it } from '@jest/globals';
import { cancelling, placing } from './testing/order-cases.js';
import { Intake } from './testing/order-intake.js';

/** The cancelling one was answered, and whoever had placed the order waited for his answer until he gave up. */
it('an order that is cancelled before it is known what becomes of it is answered to both', async () => {
  const intake = new Intake({ A: { dc: 1 } });
  await intake.batch(placing());
  await intake.batch(cancelling());
  expect(intake.answers).toMatchObject([
    { id: 'cancel/web-1', source: 'shop', result: 'applied', state: 'CANCELLED' },
    { id: 'place/web-1', source: 'shop', result: 'applied', state: 'CANCELLED' },
  ]);
});
