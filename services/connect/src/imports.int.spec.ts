import { once } from 'node:events';
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PosLineReader } from '@shelfline/contracts/pos-line';
import { TOPICS } from '@shelfline/contracts/topics';
import type { RunningService } from '@shelfline/service-kit/http';
import { parse } from 'csv-parse/sync';
import type { ImportView } from './imports.controller.js';
import { ConnectRig, until } from './testing/connect-rig.js';

const SAMPLE = join(import.meta.dirname, '../../../test/data/pos-lines-2017-w01-w08.csv.gz');
const RECEIPTS = 'id,sku,location,quantity,occurredAt\n';

describe('imports', () => {
  const rig = new ConnectRig();
  let service: RunningService;
  let token: string;

  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${service.address}/api/connect/imports${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string> | undefined) },
    });
  const upload = (query: string, body: RequestInit['body'], headers: Record<string, string> = {}) =>
    call(`?${query}`, { method: 'POST', body, headers: { 'content-type': 'text/csv', ...headers }, duplex: 'half' });
  const read = async (id: string) => (await (await call(`/${id}`)).json()) as ImportView;
  const ended = async (id: string): Promise<ImportView> => {
    await until(async () => (await read(id)).state !== 'running', `import ${id} ends`, 150_000);
    return read(id);
  };
  const importFile = async (query: string, body: RequestInit['body'], headers?: Record<string, string>) => {
    const answer = await upload(query, body, headers);
    expect(answer.status).toBe(202);
    return ended(((await answer.json()) as { id: string }).id);
  };
  const rejectedOf = async (id: string) => parse(await (await call(`/${id}/rejected`)).text()) as string[][];
  const uploadsKept = () =>
    readdirSync(join(rig.folder, 'imports')).filter(
      (name) => /^imp-.*(csv|part)$/.test(name) && !name.includes('rejected'),
    );
  const valuesOn = async (topic: (typeof TOPICS)['deltas' | 'catalogChanges']) =>
    (await rig.readTopic(topic)).map(({ value }) => JSON.parse(value!.toString()) as { id: string; source: string });

  beforeAll(async () => {
    await rig.prepare();
    service = await rig.start();
    token = await rig.token('integrator');
  });
  afterAll(async () => {
    await service.lifecycle.stop();
    await rig.end();
  });

  it('imports eight weeks of tills: every line either on the topic or among the rejected', async () => {
    const startedMs = Date.now();
    const done = await importFile('kind=pos-lines', createReadStream(SAMPLE) as unknown as ReadableStream, {
      'content-encoding': 'gzip',
    });
    process.stdout.write(`201,232 till lines imported in ${Date.now() - startedMs} ms\n`);
    const text = gunzipSync(readFileSync(SAMPLE));
    expect(done).toMatchObject({
      state: 'completed',
      rows: 201_232,
      accepted: 200_249,
      rejected: 983,
      bytes: text.length,
    });
    expect(done.bytesDone).toBe(text.length);
    const rejected = await rejectedOf(done.id);
    expect(rejected[0]).toEqual(['line', 'reason', ...text.subarray(0, text.indexOf(10)).toString().trim().split(',')]);
    expect(rejected.slice(1).map(([, reason]) => reason)).toEqual(Array(983).fill('quantity is 0'));

    const reader = new PosLineReader();
    const lines = parse(text, { columns: true }) as Record<string, string>[];
    const expected = lines.map((row) => reader.read(row)).flatMap((reading) => (reading.ok ? [reading.fact] : []));
    const sent = await valuesOn(TOPICS.deltas);
    const byId = new Map(sent.map((value) => [`${value.source}/${value.id}`, value]));
    expect(sent).toHaveLength(expected.length);
    expect(byId.size).toBe(expected.length);
    for (const fact of expected) if (!sameJson(byId.get(`${fact.source}/${fact.id}`), fact)) throw new Error(fact.id);
    expect(Object.keys(sent[0]!)).not.toContain('household_id');
    expect(done.ignoredColumns).toContain('household_id');
    expect(uploadsKept()).toEqual([]);
  }, 240_000);

  it('takes products and locations as changes of the catalog', async () => {
    const products = await importFile('kind=products', '\ufeffname,sku\r\n"Tea, green",A1\r\n,A2\r\n');
    expect(products).toMatchObject({ state: 'completed', rows: 2, accepted: 1, rejected: 1 });
    expect(products).not.toHaveProperty('ignoredColumns');
    const locations = await importFile(
      'kind=locations&source=head-office',
      'code,type,name,city,region,latitude,longitude\ndc-1,regional_dc,Main,Town,north,1.5,2.5\n',
    );
    expect(locations).toMatchObject({ accepted: 1, rejected: 0 });
    expect(await valuesOn(TOPICS.catalogChanges)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: `${products.id}-2`, kind: 'products', code: 'A1' }),
        expect.objectContaining({ id: `${locations.id}-2`, kind: 'locations', code: 'dc-1', source: 'head-office' }),
      ]),
    );
  });

  it('never lets one bad row stop the rest, and lists each with line, reason and original cells', async () => {
    const good = (n: number) => `g${n},A1,dc-1,1,2026-01-01T00:00:00Z\n`;
    const rows = [
      good(1),
      Buffer.concat([Buffer.from('bad\xff', 'latin1'), Buffer.from(',A1,dc-1,1,2026-01-01T00:00:00Z\n')]),
      good(2),
      'x,A1,dc-1,-1,2026-01-01T00:00:00Z\n',
      '=cmd(),A1,dc-1,1.5,2026-01-01T00:00:00Z\n',
      `long,${'y'.repeat(20_000)},dc-1,1,2026-01-01T00:00:00Z\n`,
      `${'z'.repeat(300_000)}\n`,
      'short\n',
      'q,"A1,dc-1,1,2026-01-01T00:00:00Z\n',
      good(3),
    ].map((row) => Buffer.from(row));
    const done = await importFile('kind=receipts', Buffer.concat([Buffer.from(RECEIPTS), ...rows]));
    expect(done).toMatchObject({ state: 'completed', rows: 10, accepted: 3, rejected: 7 });
    const rejected = (await (await call(`/${done.id}/rejected`)).text()).split('\r\n');
    expect(rejected.map((line) => line.slice(0, 60))).toEqual([
      'line,reason,id,sku,location,quantity,occurredAt',
      expect.stringMatching(/^3,row is not valid UTF-8,/),
      '5,"quantity must be 0 or more, not -1",x,A1,dc-1,-1,2026-01-',
      expect.stringMatching(/^6,"quantity must be a whole number, not 1.5",'=cmd\(\)/),
      expect.stringMatching(/^7,cell 2 is longer than 10000 characters,long,yyy/),
      expect.stringMatching(/^8,row is longer than 100000 bytes,zzz/),
      expect.stringMatching(/^9,"row has 1 cells, the header has 5",short/),
      expect.stringMatching(/^10,a quoted cell that begins here is not closed/),
      '',
    ]);
  });

  it.each([
    ['without the columns', 'kind=receipts', 'a,b\n1,2\n', /it lacks id, sku, location, quantity, occurredAt/],
    ['that is empty', 'kind=counts', '', /the file is empty/],
    ['in UTF-16', 'kind=counts', Buffer.from('\ufeffid,sku', 'utf16le'), /not valid UTF-8|not UTF-8/],
  ])('fails a file %s with words', async (_, query, body, detail) => {
    expect(await importFile(query, body)).toMatchObject({
      state: 'failed',
      rows: 0,
      detail: expect.stringMatching(detail),
    });
  });

  it.each([
    ['JSON', { 'content-type': 'application/json' }],
    ['nothing that is named', { 'content-type': 'application/octet-stream' }],
  ])('advises who sends %s to send text/csv, or gzip of it', async (_, headers) => {
    const answer = await upload('kind=counts', '{}', headers);
    expect(answer.status).toBe(415);
    expect((await answer.json()) as object).toMatchObject({
      detail: expect.stringMatching(/"Content-Type: text\/csv".*"Content-Encoding: gzip"/),
    });
  });

  it('unpacks gzip that is not said to be gzip', async () => {
    const rows = gzipSync(`${RECEIPTS}gz1,A1,dc-1,1,2026-01-01T00:00:00Z\n`);
    expect(await importFile('kind=receipts', rows)).toMatchObject({ state: 'completed', rows: 1, accepted: 1 });
    expect((await upload('kind=receipts', gzipSync(Buffer.alloc(80_000_000)))).status).toBe(413);
  });

  it('answers a chunked upload over the limit, however much is still to come', async () => {
    const small = await rig.start({ IMPORT_MAX_BYTES: '1000000' });
    for (let i = 0; i < 10; i++) {
      const answer = await fetch(`${small.address}/api/connect/imports?kind=receipts`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
        body: Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(65_536, 'x'))) as unknown as ReadableStream,
        duplex: 'half',
      } as RequestInit);
      expect([answer.status, ((await answer.json()) as { title: string }).title]).toEqual([
        413,
        'The file is too large',
      ]);
    }
    await small.lifecycle.stop();
  });

  it.each([
    ['an unknown kind', 'kind=orders', 'x', {}, 400],
    ['an unknown time zone', 'kind=counts&timeZone=Mars/Olympus', 'x', {}, 400],
    ['JSON', 'kind=counts', '{}', { 'content-type': 'application/json' }, 415],
    ['another packing', 'kind=counts', 'x', { 'content-encoding': 'br' }, 415],
    ['damaged gzip', 'kind=counts', 'not gzip', { 'content-encoding': 'gzip' }, 400],
    [
      'gzip cut short',
      'kind=counts',
      gzipSync(RECEIPTS.repeat(9)).subarray(0, 40),
      { 'content-encoding': 'gzip' },
      400,
    ],
    ['a bomb', 'kind=counts', gzipSync(Buffer.alloc(80_000_000)), { 'content-encoding': 'gzip' }, 413],
  ])('refuses %s and keeps nothing of it', async (_, query, body, headers, status) => {
    const answer = await upload(query, body, headers);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ status, detail: expect.stringMatching(/.{10,}/) });
    expect(uploadsKept()).toEqual([]);
  });

  it('forgets an upload that breaks off half-way', async () => {
    const before = ((await (await call('')).json()) as { items: ImportView[] }).items.length;
    const { hostname, port } = new URL(service.address);
    const socket = connect(Number(port), hostname);
    const head = [
      'POST /api/connect/imports?kind=receipts HTTP/1.1',
      'host: x',
      `authorization: Bearer ${token}`,
      'content-type: text/csv',
      'content-length: 1000000',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${RECEIPTS}${'r1,A1,dc-1,1,2026-01-01T00:00:00Z\n'.repeat(1000)}`);
    await until(() => uploadsKept().some((name) => name.endsWith('.part')), 'the upload has begun');
    socket.destroy();
    await once(socket, 'close');
    await until(() => uploadsKept().length === 0, 'the partial upload is removed');
    expect(((await (await call('')).json()) as { items: ImportView[] }).items).toHaveLength(before);
  });

  it('stops a cancelled import and says so', async () => {
    const rows = Array.from({ length: 60_000 }, (_, n) => `c${n},A1,dc-1,1,2026-01-01T00:00:00Z\n`);
    const { id } = (await (await upload('kind=receipts', RECEIPTS + rows.join(''))).json()) as { id: string };
    await until(async () => (await read(id)).rows > 0, 'some rows are done');
    const cancelled = (await (await call(`/${id}/cancel`, { method: 'POST' })).json()) as ImportView;
    expect(cancelled).toMatchObject({ state: 'failed', detail: expect.stringMatching(/cancelled/) });
    await until(() => uploadsKept().length === 0, 'its file is removed');
    expect((await read(id)).rows).toBeLessThan(60_000);
    expect((await call(`/${id}/cancel`, { method: 'POST' })).status).toBe(409);
    expect((await call('/none')).status).toBe(404);
  });

  it('lists imports by pages, newest first', async () => {
    const all = ((await (await call('?limit=100')).json()) as { items: ImportView[] }).items.map(({ id }) => id);
    const paged: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const page = (await (await call(`?limit=3${next && `&cursor=${next}`}`)).json()) as {
        items: ImportView[];
        next: string | null;
      };
      paged.push(...page.items.map(({ id }) => id));
      next = page.next;
    }
    expect(paged).toEqual(all);
    expect(all).toEqual(all.toSorted().reverse());
  });
});

const sameJson = (a: unknown, b: unknown): boolean => sorted(a) === sorted(b);
const sorted = (value: unknown): string =>
  JSON.stringify(Object.entries(value ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
