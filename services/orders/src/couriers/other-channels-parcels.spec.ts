import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@shelfline/service-kit/auth';
import type { Parcel } from '../domain/couriers/parcel.js';
import { CouriersController } from './couriers.controller.js';
import type { ParcelQuery } from './parcels.repository.js';
import { signBody } from './webhook-signature.js';

const PARCEL: Parcel = {
  parcelId: 'web-1/1',
  orderId: 'web-1',
  channel: 'web',
  courier: 'fast',
  store: 'shop-1',
  method: 'courier',
  destination: { recipient: 'Mei', address: '1 rue X' },
  lines: [],
  state: 'FAILED',
  tracking: 'F1',
  attempts: 8,
  steps: [],
  changedAtMs: 0,
  version: 1,
};
const system = (channel?: string): Principal => ({
  sub: 'i',
  role: 'integrator',
  exp: 0,
  ...(channel === undefined ? {} : { channel }),
});
const SECRET = 's'.repeat(20);
const courier = (name: string) => ({
  name,
  readNotices: () => [{ id: 'n1', parcelId: 'web-1/1', step: 'delivered' as const, at: '2026-06-01T12:00:00Z' }],
});

function doorOf(parcels: readonly Parcel[] = []) {
  const listed: object[] = [];
  const sent: unknown[] = [];
  const repository = {
    findParcel: () => Promise.resolve(PARCEL),
    findParcels: () => Promise.resolve(new Map([[PARCEL.parcelId, PARCEL]])),
    list: (query: ParcelQuery) => (listed.push(query), Promise.resolve(parcels.slice(0, query.limit))),
  };
  const publisher = {
    publish: (records: readonly unknown[]) => (
      sent.push(...records), Promise.resolve(records.map(() => ({ ok: true })))
    ),
  };
  const couriers = new Map(['fast', 'slow'].map((name) => [name, courier(name)]));
  const secrets = new Map(['fast', 'slow'].map((name) => [name, SECRET]));
  const door = { couriers, secrets, nowMs: () => 1000 };
  return { controller: new CouriersController(repository, publisher as never, door as never), listed, sent };
}

describe('parcels of another channel’s order', () => {
  it.each([
    ['label was printed', (c: CouriersController, who: Principal) => c.label('web-1', '1', who)],
    ['label was asked for anew', (c: CouriersController, who: Principal) => c.retry('web-1', '1', { by: 'x' }, who)],
  ])('had an address that a system was shown: the %s', async (_, ask) => {
    const { controller, sent } = doorOf();
    await expect(ask(controller, system('tmall'))).rejects.toMatchObject({ status: 404 });
    expect(sent).toEqual([]);
    await expect(ask(controller, system('web'))).resolves.toBeDefined();
    await expect(ask(controller, system())).resolves.toBeDefined();
  });
  it('were listed', async () => {
    const { controller, listed } = doorOf();
    await controller.list({ limit: 50 }, system('tmall'));
    await controller.list({ limit: 50 }, system());
    expect(listed).toEqual([{ limit: 51, channel: 'tmall' }, { limit: 51 }]);
  });
});

describe('a list of parcels', () => {
  const parcels = [1, 2, 3].map((n) => ({ ...PARCEL, parcelId: `web-1/${n}`, changedAtMs: 9000 - n }));
  it('goes on after the last one shown, and ends where there is no more', async () => {
    const { controller, listed } = doorOf(parcels);
    const first = await controller.list({ limit: 2 }, system());
    expect(first.items.map(({ parcelId }) => parcelId)).toEqual(['web-1/1', 'web-1/2']);
    await controller.list({ limit: 2, cursor: first.next! }, system());
    expect(listed.at(-1)).toEqual({ limit: 3, after: { changedAtMs: 8998, parcelId: 'web-1/2' } });
    expect((await controller.list({ limit: 3 }, system())).next).toBeNull();
  });
  it('says what is wrong with a cursor that is none', async () => {
    const { controller } = doorOf();
    await expect(controller.list({ limit: 2, cursor: '?' }, system())).rejects.toMatchObject({ status: 400 });
  });
});

describe('a courier', () => {
  it('told of a parcel that another one has', async () => {
    const { controller, sent } = doorOf();
    const body = Buffer.from('{}');
    const hear = (name: string) => controller.hear(name, signBody(SECRET, body, 1000), {}, { rawBody: body });
    await expect(hear('slow')).rejects.toMatchObject({ status: 404 });
    expect(sent).toEqual([]);
    await expect(hear('fast')).resolves.toEqual({ taken: 1 });
  });
});
