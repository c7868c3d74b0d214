import { describe, expect, it } from '@jest/globals';
import { isSigned, signBody } from './webhook-signature.js';

const NOW_MS = Date.UTC(2026, 5, 1, 12);
const BODY = Buffer.from('{"events":[]}');
const header = signBody('secret', BODY, NOW_MS);

describe('what a courier signs', () => {
  it('is taken within five minutes of either clock', () => {
    for (const seconds of [-300, 0, 300]) expect(isSigned('secret', BODY, header, NOW_MS + seconds * 1000)).toBe(true);
    for (const seconds of [-302, 302]) expect(isSigned('secret', BODY, header, NOW_MS + seconds * 1000)).toBe(false);
  });
  it.each([
    ['of another secret', 'other', BODY, header],
    ['of another body', 'secret', Buffer.from('{"events":[1]}'), header],
    ['with another time', 'secret', BODY, header.replace(/t=\d+/, `t=${NOW_MS / 1000 + 1}`)],
    ['of no form', 'secret', BODY, 'v1=00'],
    ['that is missing', 'secret', BODY, undefined],
  ])('%s is not', (_name, secret, body, given) => {
    expect(isSigned(secret, body, given, NOW_MS)).toBe(false);
  });
});
