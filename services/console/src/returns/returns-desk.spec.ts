import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { askWith } from '../store-rest.js';
import type { StoreReturn } from './return-choices.js';
import { ReturnsDesk } from './returns-desk.js';

interface Call {
  readonly path: string;
  readonly body: Record<string, unknown> | undefined;
}

describe('the returns counter', () => {
  const before = globalThis.fetch;
  let calls: Call[];
  let answers: (call: Call) => { status?: number; body?: unknown };
  beforeEach(() => {
    calls = [];
    globalThis.fetch = (async (path: string, { body }: { body?: string }) => {
      const call = { path, body: body === undefined ? undefined : (JSON.parse(body) as Record<string, unknown>) };
      calls.push(call);
      const { status = 200, body: said } = answers(call);
      return { status, json: async () => said };
    }) as never;
  });
  afterEach(() => {
    globalThis.fetch = before;
  });
  const desk = new ReturnsDesk('near', askWith('token'));
  const line = { lineId: '1', sku: 'A', receivedUnits: 1, acceptedUnits: 0, declinedUnits: 0, disposedUnits: 0 };
  const received: StoreReturn = { orderId: 'o', returnId: 'r', state: 'RECEIVED', lines: [line], version: 7 };

  it('finds what was sold by whichever number it is', async () => {
    answers = ({ path }) => ({ body: { items: path.includes('channelOrder') ? [{ orderId: 'o' }] : [] } });
    expect(await desk.findSold('TM-1')).toEqual({ kind: 'done', value: [{ orderId: 'o' }] });
    expect(calls.map(({ path }) => path.split('?')[1])).toEqual(['orderId=TM-1', 'channelOrder=TM-1']);
    answers = () => ({ body: { items: [] } });
    expect(await desk.findSold('TM-2')).toEqual({ kind: 'done', value: [] });
  });

  it('inspects, then disposes what the inspection left, under ids that a repeat has too', async () => {
    const inspected = { ...received, lines: [{ ...line, declinedUnits: 1 }], version: 8 };
    answers = ({ path }) => ({ body: path.endsWith('inspect') ? inspected : { ...inspected, state: 'CLOSED' } });
    const choices = { 1: { condition: 'wrong_item', fate: 'restock' } } as const;
    const once = await desk.decide(received, choices);
    expect(once).toMatchObject({ kind: 'done', value: { state: 'CLOSED' } });
    await desk.decide(received, choices);
    expect(calls.map(({ body }) => [body?.['id'], body?.['lines']])).toEqual([
      ['inspect-r-7', [{ lineId: '1', units: 1, condition: 'wrong_item' }]],
      ['dispose-r-7', [{ lineId: '1', units: 1, to: 'hand_back' }]],
      ['inspect-r-7', [{ lineId: '1', units: 1, condition: 'wrong_item' }]],
      ['dispose-r-7', [{ lineId: '1', units: 1, to: 'hand_back' }]],
    ]);
  });

  it('tells a refusal from an answer that did not come', async () => {
    answers = () => ({ status: 409, body: { detail: 'its period is over' } });
    expect(await desk.takeIn('o', 'r', [])).toEqual({ kind: 'refused', reason: 'its period is over' });
    answers = () => ({ status: 503 });
    expect(await desk.decide(received, {})).toEqual({ kind: 'uncertain', reason: '503' });
    answers = () => {
      throw new Error('offline');
    };
    expect(await desk.openReturns()).toEqual({ kind: 'uncertain', reason: 'offline' });
  });
});
