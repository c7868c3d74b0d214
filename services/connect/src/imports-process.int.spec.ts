import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PosLineReader } from '@shelfline/contracts/pos-line';
import { parse } from 'csv-parse/sync';
import type { ImportView } from './imports.controller.js';
import { ConnectProcess } from './testing/connect-process.js';
import { ConnectRig, until } from './testing/connect-rig.js';

const SAMPLE = join(import.meta.dirname, '../../../test/data/pos-lines-2017-w01-w08.csv.gz');
const MIB = 1024 ** 2;
const LINES = 30_000;
const BIG_FILE_BYTES = 300 * MIB;

describe('imports by a process of its own', () => {
  const rig = new ConnectRig();
  let token: string;

  const upload = async (address: string, kind: string, body: RequestInit['body']) => {
    const answer = await fetch(`${address}/api/connect/imports?kind=${kind}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
      body,
      duplex: 'half',
    });
    expect(answer.status).toBe(202);
    return ((await answer.json()) as { id: string }).id;
  };
  const read = async (address: string, id: string, part = '') =>
    fetch(`${address}/api/connect/imports/${id}${part}`, { headers: { authorization: `Bearer ${token}` } });
  const view = async (address: string, id: string) => (await (await read(address, id)).json()) as ImportView;

  beforeAll(async () => {
    await rig.prepare();
    token = await rig.token('integrator');
  });
  afterAll(() => rig.end());

  it('goes on where it was after being killed, and loses and doubles nothing', async () => {
    const environment = rig.environment({ IMPORT_LEASE_MS: '1000', IMPORT_CHUNK_ROWS: '500' });
    const csv = gunzipSync(readFileSync(SAMPLE))
      .toString()
      .split('\n')
      .slice(0, LINES + 1)
      .join('\n');
    let service = await ConnectProcess.start(environment);
    const id = await upload(service.address, 'pos-lines', csv);
    for (const rows of [3_000, 9_000, 18_000]) {
      const { address } = service;
      await until(async () => (await view(address, id)).rows >= rows, `${rows} rows are done`);
      await service.end('SIGKILL');
      service = await ConnectProcess.start(environment);
    }
    const { address } = service;
    await until(async () => (await view(address, id)).state !== 'running', 'the import ends', 180_000);
    const done = await view(address, id);
    const rejected = parse(await (await read(address, id, '/rejected')).text()) as string[][];
    await service.end('SIGTERM');

    const reader = new PosLineReader();
    const readings = (parse(csv, { columns: true }) as Record<string, string>[]).map((row) => reader.read(row));
    const refusedLines = readings.flatMap(({ ok }, i) => (ok ? [] : [String(i + 2)]));
    const ids = readings.flatMap((reading) => (reading.ok ? [reading.fact.id] : []));
    expect(done).toMatchObject({
      state: 'completed',
      rows: LINES,
      accepted: ids.length,
      rejected: refusedLines.length,
      bytesDone: csv.length,
    });
    expect(rejected.slice(1).map(([line]) => line)).toEqual(refusedLines);
    const sent = (await rig.readTopic()).map(({ value }) => (JSON.parse(value!.toString()) as { id: string }).id);
    expect(new Set(sent)).toEqual(new Set(ids));
    process.stdout.write(`3 kills: ${sent.length - ids.length} of ${ids.length} records sent twice\n`);
  }, 240_000);

  it('imports 300 MiB in memory that does not grow with the file', async () => {
    // V8 collects late while there is room, so the room is made small: a heap that grew with the file would end the process.
    const service = await ConnectProcess.start(rig.environment(), ['--max-old-space-size=256']);
    const atRest = await service.residentBytes();
    const note = 'x'.repeat(5_000);
    let rows = 0;
    function* bigFile() {
      yield 'id,sku,location,quantity,occurredAt,note\n';
      for (let bytes = 0; bytes < BIG_FILE_BYTES; rows++) {
        const row = `big${rows},sku-${rows % 1000},dc-1,1,2026-01-01T00:00:00Z,${note}\n`;
        bytes += row.length;
        yield row;
      }
    }
    let peak = atRest;
    let measuring = true;
    const measure = async () => {
      while (measuring) peak = Math.max(peak, await service.residentBytes());
    };
    const measured = measure();
    const startedMs = Date.now();
    const body = Readable.toWeb(Readable.from(bigFile(), { objectMode: false, highWaterMark: 65_536 }));
    const id = await upload(service.address, 'receipts', body as RequestInit['body']);
    const storedMs = Date.now();
    const peakStored = peak;
    await until(async () => (await view(service.address, id)).state !== 'running', 'the import ends', 180_000);
    const endedMs = Date.now();
    measuring = false;
    await measured;
    expect(await view(service.address, id)).toMatchObject({ state: 'completed', rows, accepted: rows });
    await service.end('SIGTERM');
    process.stdout.write(
      `300 MiB: stored in ${storedMs - startedMs} ms, imported in ${endedMs - storedMs} ms, resident ` +
        `${Math.round(atRest / MIB)} MiB at rest, ${Math.round(peakStored / MIB)} MiB at most while storing, ${Math.round(peak / MIB)} MiB in all\n`,
    );
    expect(peak - atRest).toBeLessThan(BIG_FILE_BYTES);
  }, 240_000);
});
