import { describe, expect, it } from '@jest/globals';
import { ParcelChange, type ParcelMessage } from '@shelfline/contracts/parcel';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { Parcel } from '../domain/couriers/parcel.js';
import type { CourierRunner } from './courier-runner.js';
import { CourierChoice, CouriersIntakeHandler } from './couriers-intake.handler.js';
import type { ParcelsRepository } from './parcels.repository.js';

const named = { source: 'orders', orderId: 'web-1', parcelId: 'web-1/1' };
const WANTED: ParcelMessage = {
  ...named,
  type: 'wanted',
  id: 'w',
  store: 'shop-1',
  method: 'courier',
  destination: {},
  lines: [],
};
const LABELLED: ParcelMessage = {
  ...named,
  type: 'answered',
  id: 'a',
  courier: 'simulator',
  answer: 'labelled',
  tracking: 'SIM1',
};

function intakeOf(courier: string | undefined, parcels = new Map<string, Parcel>()) {
  const asked: string[][] = [];
  const repository = {
    findParcels: (ids: readonly string[]) =>
      Promise.resolve(new Map(ids.flatMap((id) => (parcels.has(id) ? [[id, parcels.get(id)!] as const] : [])))),
    findEarliestDueMs: () =>
      Promise.resolve(Math.min(...[...parcels.values()].flatMap(({ dueAtMs }) => dueAtMs ?? []))),
    findDue: (_: number, nowMs: number) =>
      Promise.resolve([...parcels.values()].filter(({ dueAtMs = Number.POSITIVE_INFINITY }) => dueAtMs <= nowMs)),
  } as unknown as ParcelsRepository;
  const runner = {
    ask: (due: readonly Parcel[]) => void asked.push(due.map(({ parcelId }) => parcelId)),
  } as unknown as CourierRunner;
  const handler = new CouriersIntakeHandler(repository, runner, new CourierChoice(courier), new EarliestDue());
  let offset = 0;
  const batch = async (...items: (ParcelMessage | 'tick')[]) => {
    const decision = await handler.handleBatch({
      partition: 0,
      partitions: 1,
      generation: 1,
      items: items.map((item) => {
        const record = {
          topic: 't',
          partition: 0,
          offset: offset++,
          key: '',
          value: null,
          headers: {},
          timestampMs: 1000,
        };
        return item === 'tick'
          ? { kind: 'tick', record }
          : { kind: 'message', id: `${item.source}/${item.id}`, contentHash: '', message: item, record };
      }),
    });
    for (const { parcel } of decision.writes) parcels.set(parcel.parcelId, parcel);
    decision.committed();
    return decision;
  };
  return { batch, asked, parcels };
}

describe('the partition of a parcel', () => {
  it('asks its courier after the commit, and tells the order what he said', async () => {
    const { batch, asked, parcels } = intakeOf('simulator');
    expect((await batch(WANTED, 'tick')).outputs).toEqual([]);
    await batch('tick');
    const { outputs, entries } = await batch(LABELLED, 'tick');
    expect(asked).toEqual([[], ['web-1/1'], []]);
    expect(outputs).toMatchObject([{ key: 'web-1', type: 'shelfline.order.parcel' }]);
    expect(ParcelChange.parse(outputs[0]!.value)).toMatchObject({
      taskId: 'web-1/1',
      change: 'labelled',
      tracking: 'SIM1',
      label: '/api/orders/couriers/labels/web-1/1',
    });
    expect([entries.length, parcels.get('web-1/1')!.state]).toEqual([1, 'LABELLED']);
    expect((await batch('tick')).nothingChanged).toBe(true);
    expect(asked.at(-1)).toEqual([]);
  });
  it('asks nobody where no courier is set up', async () => {
    const { batch, parcels } = intakeOf(undefined);
    expect((await batch(WANTED)).entries).toMatchObject([{ outcome: 'no_courier' }]);
    expect(parcels.size).toBe(0);
  });
  it('kept the address of a parcel, and its label, where no courier is set up any more', async () => {
    const before = intakeOf('simulator');
    const address = { city: 'Lyon', address: '1 rue X', recipient: 'Mei' };
    await before.batch({ ...WANTED, destination: address }, LABELLED);
    const { batch, parcels } = intakeOf(undefined, before.parcels);
    const { entries } = await batch(
      { ...named, type: 'unwanted', id: 'u' },
      { ...named, type: 'erase', id: 'e' },
      { ...WANTED, id: 'w2', orderId: 'web-2', parcelId: 'web-2/1' },
    );
    expect(entries).toMatchObject([{ outcome: 'applied' }, { outcome: 'applied' }, { outcome: 'no_courier' }]);
    expect(parcels.get('web-1/1')).toMatchObject({ state: 'CANCELLING', destination: { city: 'Lyon' } });
    expect(JSON.stringify([...parcels.values()])).not.toMatch(/rue X|Mei/);
  });
});
