import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@shelfline/service-kit/auth';
import type { Parcel } from '../domain/couriers/parcel.js';
import { CouriersController } from './couriers.controller.js';
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

function doorOf() {
  const listed: object[] = [];
  const sent: unknown[] = [];
  const repository = {
    findParcel: () => Promise.resolve(PARCEL),
    findParcels: () => Promise.resolve(new Map([[PARCEL.parcelId, PARCEL]])),
    list: (query: object) => (listed.push(query), Promise.resolve([])),
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
    expect(listed).toEqual([{ limit: 50, channel: 'tmall' }, { limit: 50 }]);
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
