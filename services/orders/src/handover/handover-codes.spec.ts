import { describe, expect, it } from '@jest/globals';
import { handoverCodes } from './handover-codes.js';

const codeOf = handoverCodes(Buffer.alloc(32, 7).toString('base64'));

describe('codes of handovers', () => {
  it('are six digits, the same on every instance and after every restart', () => {
    expect(codeOf('web-1/1', 1)).toMatch(/^\d{6}$/);
    expect(handoverCodes(Buffer.alloc(32, 7).toString('base64'))('web-1/1', 1)).toBe(codeOf('web-1/1', 1));
  });
  it('differ by task, round and key', () => {
    const others = [codeOf('web-1/2', 1), codeOf('web-1/1', 2), handoverCodes('b3RoZXI=')('web-1/1', 1)];
    expect(others).not.toContain(codeOf('web-1/1', 1));
  });
  it('are spread over all six digits', () => {
    const codes = Array.from({ length: 2000 }, (_, i) => codeOf(`web-${i}/1`, 1));
    expect(codes.every((code) => code.length === 6)).toBe(true);
    expect(new Set(codes).size).toBeGreaterThan(1980);
    for (const digit of '0123456789') expect(codes.some((code) => code.startsWith(digit))).toBe(true);
  });
});
