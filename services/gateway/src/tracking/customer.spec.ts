import { describe, expect, it } from '@jest/globals';
import { RefusedTrackingToken, TrackingTokens } from '@shelfline/service-kit/tracking-tokens';
import { orLinks } from './customer.js';

const TOKENS = new TrackingTokens(`k:${'key-of-this-spec'.repeat(3)}`);
const NOW_MS = Date.parse('2026-01-01T00:00:00Z');
const HOUR_MS = 3_600_000;
const asked: string[] = [];
const verifyWith = (tokens: TrackingTokens | undefined, nowMs = NOW_MS) =>
  orLinks(
    async (token) => {
      asked.push(token);
      return { roles: ['ops'], expiresAtMs: 0 };
    },
    tokens,
    () => nowMs,
  );

describe('who opens a socket with a link', () => {
  it('is a customer of that order, until the link runs out', async () => {
    const link = await TOKENS.issue('o-1', { nowMs: NOW_MS, forMs: HOUR_MS });
    expect(await verifyWith(TOKENS)(link)).toEqual({
      roles: ['customer'],
      order: 'o-1',
      expiresAtMs: NOW_MS + HOUR_MS,
    });
    await expect(verifyWith(TOKENS, NOW_MS + HOUR_MS)(link)).rejects.toThrow(/run out/);
    await expect(verifyWith(undefined)(link)).rejects.toThrow(RefusedTrackingToken);
    const [header, , signature] = link.split('.');
    const forged = `${header}.${Buffer.from('{"sub":"o-2"}').toString('base64url')}.${signature}`;
    await expect(verifyWith(TOKENS)(forged)).rejects.toThrow(RefusedTrackingToken);
    expect(asked).toEqual([]);
  });
  it('is whoever his token says where it is no link', async () => {
    for (const token of ['a.b.c', 'rubbish', ''])
      expect(await verifyWith(TOKENS)(token)).toMatchObject({ roles: ['ops'] });
    expect(asked).toEqual(['a.b.c', 'rubbish', '']);
  });
});
