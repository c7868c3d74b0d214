import { describe, expect, it } from '@jest/globals';
import { SocketsPerAddress, TokenBucket } from './limits.js';
import { isOriginAllowed } from './origin.js';

describe('origins', () => {
  it.each([
    [undefined, true],
    ['https://shop.example', true],
    ['https://gateway.example', true],
    ['http://localhost:5173', true],
    ['http://127.0.0.1:8080', true],
    ['http://[::1]:8080', true],
    ['https://evil.example', false],
    ['https://gateway.example.evil.example', false],
    ['http://localhost.evil.example', false],
    ['null', false],
  ])('%s → %s', (origin, allowed) => {
    expect(isOriginAllowed(origin, 'gateway.example', ['https://shop.example'])).toBe(allowed);
  });
});

describe('rates', () => {
  it('allow a burst and then so many a second', () => {
    const bucket = new TokenBucket(2, 3, 0);
    const taken = (nowMs: number): boolean => bucket.take(nowMs);
    expect([taken(0), taken(0), taken(0), taken(0)]).toEqual([true, true, true, false]);
    expect([taken(500), taken(500)]).toEqual([true, false]);
    expect([taken(60_000), taken(60_000), taken(60_000), taken(60_000)]).toEqual([true, true, true, false]);
  });
});

describe('sockets per address', () => {
  it('bounds each address and the whole, not loopback', () => {
    const sockets = new SocketsPerAddress(2, 5);
    for (const address of ['10.0.0.1', '10.0.0.1']) sockets.opened(address);
    expect([sockets.refusal('10.0.0.1'), sockets.refusal('10.0.0.2')]).toEqual(['address', undefined]);
    for (let i = 0; i < 3; i++) sockets.opened('127.0.0.1');
    expect(sockets.refusal('127.0.0.1')).toBe('total');
    sockets.closed('10.0.0.1');
    expect([sockets.refusal('10.0.0.1'), sockets.refusal('127.0.0.1')]).toEqual([undefined, undefined]);
  });
});
