import { describe, expect, it } from '@jest/globals';
import { Circuit } from './circuit.js';

const circuitAt = () => {
  const clock = { nowMs: 0 };
  return { clock, circuit: new Circuit({ openAfter: 3, tryAfterMs: 1000, now: () => clock.nowMs }) };
};
const failing = (circuit: Circuit, times: number) => {
  for (let i = 0; i < times; i++) circuit.failed();
};

describe('a circuit', () => {
  it('lets requests out until so many have failed in a row', () => {
    const { circuit } = circuitAt();
    failing(circuit, 2);
    expect(circuit.lets()).toBe(true);
    circuit.succeeded();
    failing(circuit, 2);
    expect(circuit.lets()).toBe(true);
    circuit.failed();
    expect(circuit.lets()).toBe(false);
  });
  it('lets a single one try after a while, and all others after its success', () => {
    const { circuit, clock } = circuitAt();
    failing(circuit, 3);
    clock.nowMs = 999;
    expect(circuit.lets()).toBe(false);
    clock.nowMs = 1000;
    expect([circuit.lets(), circuit.lets()]).toEqual([true, false]);
    circuit.failed();
    clock.nowMs = 1999;
    expect(circuit.lets()).toBe(false);
    clock.nowMs = 2000;
    expect(circuit.lets()).toBe(true);
    circuit.succeeded();
    expect([circuit.lets(), circuit.lets()]).toEqual([true, true]);
  });
});
