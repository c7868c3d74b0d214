import { describe, expect, it } from '@jest/globals';
import { HealthRegistry } from './health.js';

describe('HealthRegistry', () => {
  it('is ready only when everything is, and names what is not', async () => {
    const health = new HealthRegistry();
    expect(await health.ready()).toEqual({ ok: true, checks: {} });
    let caughtUp = false;
    health.addReadiness('kafka', () => ({ ready: caughtUp, detail: '7 records behind' }));
    health.addReadiness('mongodb', () => Promise.resolve({ ready: true }));
    expect(await health.ready()).toEqual({
      ok: false,
      checks: { kafka: { ready: false, detail: '7 records behind' }, mongodb: { ready: true } },
    });
    caughtUp = true;
    expect((await health.ready()).ok).toBe(true);
  });

  it('takes a check that fails as not ready, whichever way it fails', async () => {
    const health = new HealthRegistry();
    health.addReadiness('throws', () => {
      throw new Error('no connection');
    });
    health.addReadiness('rejects', () => Promise.reject(new Error('no answer')));
    expect((await health.ready()).checks).toEqual({
      throws: { ready: false, detail: 'no connection' },
      rejects: { ready: false, detail: 'no answer' },
    });
  });

  it('keeps liveness apart: waiting for Kafka is no reason to be restarted', async () => {
    const health = new HealthRegistry();
    health.addReadiness('kafka', () => ({ ready: false }));
    expect((await health.live()).ok).toBe(true);
    health.addLiveness('loop', () => ({ ready: false, detail: 'stuck' }));
    expect((await health.live()).ok).toBe(false);
  });
});
