import { describe, expect, it } from '@jest/globals';
import { createDevKey, issueDevToken } from './auth.js';
import { isTrackingToken, RefusedTrackingToken, TrackingTokens, trackingKeys } from './tracking-tokens.js';

const [OLD, NEW] = ['old', 'new'].map((name) => `${name}:${name.repeat(15)}`) as [string, string];
const NOW_MS = Date.parse('2026-01-01T00:00:00Z');
const HOUR_MS = 3_600_000;
const issue = (keys: string) => new TrackingTokens(keys).issue('o-1', { nowMs: NOW_MS, forMs: HOUR_MS });

describe('a tracking link', () => {
  it('is for one order, until it runs out', async () => {
    const token = await issue(OLD);
    const tokens = new TrackingTokens(OLD);
    expect(await tokens.verify(token, NOW_MS + HOUR_MS - 1000)).toBe('o-1');
    await expect(tokens.verify(token, NOW_MS + HOUR_MS)).rejects.toThrow(/run out/);
  });
  it('is taken while its key is on the list, and no longer', async () => {
    const token = await issue(OLD);
    expect(await new TrackingTokens(`${NEW}, ${OLD}`).verify(token, NOW_MS)).toBe('o-1');
    await expect(new TrackingTokens(NEW).verify(token, NOW_MS)).rejects.toThrow(RefusedTrackingToken);
  });
  it('is refused where it was changed, or is something else', async () => {
    const [header, payload, signature] = (await issue(OLD)).split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const other = Buffer.from(JSON.stringify({ ...claims, sub: 'o-2' })).toString('base64url');
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none', typ: 'track+jwt', kid: 'old' })).toString('base64url');
    const { privateKey } = await createDevKey();
    const options = { issuer: 'i', audience: 'shelfline-tracking', ttlSeconds: 60 };
    const login = await issueDevToken({ ...privateKey, kid: 'old' }, { sub: 'o-1', role: 'ops' }, options);
    const tokens = new TrackingTokens(OLD);
    for (const token of [`${header}.${other}.${signature}`, `${unsigned}.${payload}.`, login, 'o-1', ''])
      await expect(tokens.verify(token, NOW_MS)).rejects.toThrow(RefusedTrackingToken);
  });
  it('tells itself from other tokens, and when it ends', async () => {
    const token = await issue(OLD);
    expect(await new TrackingTokens(OLD).read(token, NOW_MS)).toEqual({
      orderId: 'o-1',
      expiresAtMs: NOW_MS + HOUR_MS,
    });
    const { privateKey } = await createDevKey();
    const options = { issuer: 'i', audience: 'a', ttlSeconds: 60 };
    const login = await issueDevToken(privateKey, { sub: 'o-1', role: 'ops' }, options);
    expect([token, login, 'o-1', ''].map(isTrackingToken)).toEqual([true, false, false, false]);
  });
  it('is not signed with a key that could be guessed', () => {
    expect(trackingKeys.safeParse('old:short').success).toBe(false);
    expect(String(trackingKeys.parse(OLD))).toBe('[secret]');
    expect(trackingKeys.parse(undefined)).toBeUndefined();
  });
});
