import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningService } from '@shelfline/service-kit/http';
import { partitionFor } from '@shelfline/streaming/partitioner';
import { ConnectRig } from './testing/connect-rig.js';

const sale = (n: number, change: object = {}) => ({
  id: `b${n}`,
  source: 'pos-330',
  type: 'sale',
  sku: `sku-${n % 40}`,
  location: 'store-330',
  quantity: 1,
  occurredAt: '2017-01-01T11:53:26Z',
  ...change,
});

describe('POST /api/inventory/deltas', () => {
  const rig = new ConnectRig();
  let service: RunningService;
  let token: string;

  const post = async (body: string | Uint8Array, headers: Record<string, string> = {}) => {
    const response = await fetch(`${service.address}/api/inventory/deltas`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      body: body as NonNullable<RequestInit['body']>,
    });
    return { status: response.status, type: response.headers.get('content-type') ?? '', json: await response.json() };
  };
  const valueOf = ({ value }: { value: Buffer | null }) => JSON.parse(value!.toString()) as Record<string, unknown>;

  beforeAll(async () => {
    await rig.prepare();
    service = await rig.start();
    token = await rig.token('integrator');
  });
  afterAll(async () => {
    await service.lifecycle.stop();
    await rig.end();
  });

  it('has the good items on the topic before it answers, each in the partition of its SKU, and names the bad ones', async () => {
    const items = [
      sale(1),
      sale(2, { quantity: -1 }),
      sale(3, { note: '库存' }),
      sale(4, { type: 'reserve' }),
      sale(1),
    ];
    const { status, json } = await post(JSON.stringify(items));
    const records = await rig.readTopic();
    expect(status).toBe(202);
    expect(json).toMatchObject({
      accepted: 2,
      rejected: [
        { index: 1, id: 'b2', type: 'invalid', detail: 'quantity must be 0 or more, not -1' },
        { index: 3, id: 'b4', type: 'command_refused' },
        { index: 4, id: 'b1', type: 'duplicate_in_request' },
      ],
    });
    expect(records.map(valueOf).sort((a, b) => String(a['id']).localeCompare(String(b['id'])))).toEqual([
      items[0],
      items[2],
    ]);
    for (const record of records) {
      expect(record.partition).toBe(partitionFor(record.key!, 3));
      expect(record.headers).toMatchObject({ ce_type: 'inventory.delta.sale', ce_source: 'pos-330' });
    }
  });

  it('sends a heartbeat to every partition', async () => {
    const beat = { id: 'beat-1', source: 'pos-330', type: 'heartbeat', occurredAt: '2017-01-01T11:53:26Z' };
    expect((await post(JSON.stringify([beat]))).json).toEqual({ accepted: 1, rejected: [] });
    const beats = (await rig.readTopic()).filter((record) => valueOf(record)['id'] === 'beat-1');
    expect(new Set(beats.map(({ partition }) => partition))).toEqual(new Set([0, 1, 2]));
    expect(beats).toHaveLength(3);
  });

  it('takes 5,000 items, keeps their order within a SKU, and refuses 5,001 as a whole', async () => {
    const items = Array.from({ length: 5001 }, (_, n) => sale(10_000 + n));
    const before = (await rig.readTopic()).length;
    expect(await post(JSON.stringify(items))).toMatchObject({
      status: 422,
      json: { type: expect.stringMatching(/too-many-items$/) },
    });
    expect((await rig.readTopic()).length).toBe(before);
    expect((await post(JSON.stringify(items.slice(1)))).json).toEqual({ accepted: 5000, rejected: [] });
    const ids = (await rig.readTopic())
      .filter(({ key }) => key === 'sku-7')
      .map((record) => Number(String(valueOf(record)['id']).slice(1)))
      .filter((n) => n >= 10_000);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  });

  it.each([
    ['a body of 6 MB', JSON.stringify([sale(1, { note: 'x'.repeat(6_000_000) })]), 413],
    ['no JSON', '[{"id":', 400],
    ['nothing', '', 400],
    ['an object', JSON.stringify(sale(1)), 400],
    [
      'text that is not UTF-8',
      Buffer.concat([Buffer.from('[{"id":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}]')]),
      400,
    ],
  ])('refuses %s with words', async (_, body, status) => {
    const answer = await post(body);
    expect(answer.status).toBe(status);
    expect(answer.type).toMatch(/^application\/problem\+json/);
    expect(answer.json).toMatchObject({ status, title: expect.any(String), detail: expect.stringMatching(/.{20,}/) });
  });

  it('refuses a chunked body over 5 MiB with an answer that arrives, every time', async () => {
    for (let i = 0; i < 10; i++) {
      const answer = await fetch(`${service.address}/api/inventory/deltas`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: Readable.from(Array.from({ length: 128 }, () => Buffer.alloc(65_536, ' '))) as unknown as ReadableStream,
        duplex: 'half',
      } as RequestInit);
      expect([answer.status, ((await answer.json()) as { limitBytes: number }).limitBytes]).toEqual([
        413,
        5 * 1024 * 1024,
      ]);
    }
  });

  it('takes no CSV, and says where it is taken', async () => {
    expect(await post('id\n', { 'content-type': 'text/csv' })).toMatchObject({
      status: 415,
      json: { detail: expect.stringMatching(/application\/json/) },
    });
  });

  it('describes an item in OpenAPI as the contract does', async () => {
    const document = (await (await fetch(`${service.address}/openapi.json`)).json()) as {
      paths: Record<string, { post: { requestBody: { content: Record<string, { schema: { items: unknown } }> } } }>;
    };
    const { items } = document.paths['/api/inventory/deltas']!.post.requestBody.content['application/json']!.schema;
    const text = JSON.stringify(items);
    for (const field of ['quantity', 'occurredAt', 'transfer_out', 'heartbeat', 'sequence'])
      expect(text).toContain(field);
    expect(text).not.toContain('$ref');
  });

  it('asks for a token of an integrator', async () => {
    const body = JSON.stringify([sale(1)]);
    expect((await post(body, { authorization: '' })).status).toBe(401);
    expect((await post(body, { authorization: `Bearer ${await rig.token('storefront')}` })).status).toBe(403);
    expect((await post(body, { authorization: `Bearer ${await rig.token('integrator', -60)}` })).status).toBe(401);
    expect((await post(body, { authorization: `Bearer ${await rig.token('ops')}` })).status).toBe(202);
  });

  it('says when it has as much to do as it takes', async () => {
    const busy = await rig.start({ DELTAS_REQUESTS_AT_ONCE: '1' });
    const { hostname, port } = new URL(busy.address);
    const slow = connect(Number(port), hostname);
    slow.write(
      `POST /api/inventory/deltas HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n[`,
    );
    const send = () =>
      fetch(`${busy.address}/api/inventory/deltas`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: '[]',
      });
    let answer = await send();
    while (answer.status !== 503) answer = await send();
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(await answer.json()).toMatchObject({ status: 503, type: 'urn:shelfline:problem:busy' });
    slow.destroy();
    while (answer.status !== 202) answer = await send();
    await busy.lifecycle.stop();
  });
});
