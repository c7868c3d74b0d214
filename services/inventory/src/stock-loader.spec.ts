import { expect, it } from '@jest/globals';
import { receipt, reserve, step } from './testing/deltas.js';
import { MemoryLedger } from './testing/memory-ledger.js';

async function stocked() {
  const ledger = new MemoryLedger();
  await ledger.process(receipt(10));
  const lookedFor: string[] = [];
  const { repository } = ledger;
  const find = repository.findReservations.bind(repository);
  repository.findReservations = (keys) => {
    lookedFor.push(...keys.map(({ reservationId }) => reservationId));
    return find(keys);
  };
  const reserved = () => ledger.levels.get('SKU-1@shop-a')!.reserved;
  return { ledger, lookedFor, reserved };
}

it('a reservation whose name may have been used is looked for, one of a first use is not', async () => {
  const { ledger, lookedFor, reserved } = await stocked();
  await ledger.process(reserve('named', 1), reserve('numbered', 1, { firstUse: true }));
  expect(lookedFor).toEqual(['named']);
  expect(reserved()).toBe(2);
});

it('one of a first use is found when it is over: released once, it gives nothing back again', async () => {
  const { ledger, lookedFor, reserved } = await stocked();
  await ledger.process(reserve('numbered', 2, { firstUse: true }));
  await ledger.process(step('release', 'numbered'));
  await ledger.process(step('release', 'numbered'));
  expect(lookedFor).toEqual(['numbered']);
  expect(reserved()).toBe(0);
});

it('one of a first use that is there is not made again', async () => {
  const { ledger, reserved } = await stocked();
  for (let again = 0; again < 2; again++) await ledger.process(reserve('numbered', 2, { firstUse: true }));
  expect(reserved()).toBe(2);
});
