import { beforeEach, describe, expect, it } from '@jest/globals';
import { type ImportsRepository, NO_PROGRESS } from '../imports.repository.js';

export type ImportsUnderTest = Pick<
  ImportsRepository,
  'create' | 'find' | 'claim' | 'renew' | 'save' | 'finish' | 'release'
>;
const HOUR_MS = 3_600_000;
/** A lease that is over as soon as it was taken. */
const OVER_AT_ONCE_MS = -60_000;

/** What the intake and the workers need of every store of imports. Each call of `setUp` gives an empty one. */
export function describeImportsRepository(name: string, setUp: () => Promise<ImportsUnderTest>): void {
  describe(`imports: ${name}`, () => {
    let imports: ImportsUnderTest;
    beforeEach(async () => {
      imports = await setUp();
    });
    const startedAt = new Date(1_700_000_000_000);
    const create = (id: string) =>
      imports.create({ id, kind: 'receipts', options: { source: 'wms' }, bytes: 70, startedAt });
    const halfWay = {
      rows: 4,
      accepted: 3,
      rejected: 1,
      place: { byte: 40, line: 6 },
      reread: { byte: 20, line: 3 },
      rejectedBytes: 30,
      ignoredColumns: ['expireson'],
    };

    it('keeps what was created, and creates nothing twice', async () => {
      await create('imp-1');
      expect(await imports.find('imp-1')).toMatchObject({
        id: 'imp-1',
        kind: 'receipts',
        options: { source: 'wms' },
        bytes: 70,
        startedAt,
        state: 'running',
        attempts: 0,
        ...NO_PROGRESS,
      });
      await expect(create('imp-1')).rejects.toThrow(/E11000|duplicate/i);
      expect(await imports.find('imp-2')).toBeUndefined();
    });

    it('leases the oldest import that nobody works on, each to one worker', async () => {
      await create('imp-2');
      await create('imp-1');
      expect((await imports.claim('a', HOUR_MS))?.id).toBe('imp-1');
      expect((await imports.claim('b', HOUR_MS))?.id).toBe('imp-2');
      expect(await imports.claim('c', HOUR_MS)).toBeUndefined();
      await imports.release('imp-2', 'b');
      expect((await imports.claim('c', HOUR_MS))?.id).toBe('imp-2');
    });

    it('gives an import back to the worker that left it, and counts how often it was begun', async () => {
      await create('imp-1');
      expect((await imports.claim('a', HOUR_MS))?.attempts).toBe(1);
      expect((await imports.claim('a', HOUR_MS))?.attempts).toBe(2);
      expect(await imports.save('imp-1', 'a', halfWay)).toBe(true);
      expect(await imports.claim('a', HOUR_MS)).toMatchObject({ attempts: 1, ...halfWay });
    });

    it('lets nobody save, renew, release or end what another worker has taken over', async () => {
      await create('imp-1');
      await imports.claim('a', HOUR_MS);
      expect((await imports.claim('b', OVER_AT_ONCE_MS))?.id).toBe('imp-1');
      expect(await imports.save('imp-1', 'a', halfWay)).toBe(false);
      expect(await imports.renew('imp-1', 'a')).toBe(false);
      expect(await imports.finish('imp-1', 'a', 'completed', startedAt)).toBe(false);
      await imports.release('imp-1', 'a');
      expect(await imports.claim('c', HOUR_MS)).toBeUndefined();
      expect(await imports.find('imp-1')).toMatchObject({ state: 'running', attempts: 2, ...NO_PROGRESS });
      expect(await imports.renew('imp-1', 'b')).toBe(true);
    });

    it('keeps the lease of a worker that saves or renews', async () => {
      await create('imp-1');
      await imports.claim('a', HOUR_MS);
      await imports.save('imp-1', 'a', halfWay);
      await imports.renew('imp-1', 'a');
      expect(await imports.claim('b', HOUR_MS)).toBeUndefined();
      expect((await imports.find('imp-1'))?.place).toEqual(halfWay.place);
    });

    it('ends an import once, and leases it to nobody then', async () => {
      await create('imp-1');
      await imports.claim('a', HOUR_MS);
      expect(await imports.finish('imp-1', 'a', 'failed', startedAt, 'the header lacks sku')).toBe(true);
      expect(await imports.find('imp-1')).toMatchObject({ state: 'failed', detail: 'the header lacks sku' });
      expect(await imports.finish('imp-1', 'a', 'completed', startedAt)).toBe(false);
      expect(await imports.claim('a', OVER_AT_ONCE_MS)).toBeUndefined();
    });
  });
}
