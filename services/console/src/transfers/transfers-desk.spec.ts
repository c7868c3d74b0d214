import { describe, expect, it } from '@jest/globals';
import type { Ask } from '../store-rest.js';
import { receivedLines, type StoreTransfer, shippedLines, TransfersDesk } from './transfers-desk.js';

const line = (lineId: string, heldUnits: number, inTransitUnits = 0) => ({
  lineId,
  sku: 'A',
  requestedUnits: 9,
  heldUnits,
  inTransitUnits,
});
const transfer = (transferId: string, state: StoreTransfer['state']) =>
  ({ transferId, state, version: 7 }) as StoreTransfer;

describe('a transfer at a store', () => {
  it('ships what is reserved unless fewer leave', () => {
    const lines = [line('1', 4), line('2', 3), line('3', 0)];
    expect(shippedLines({ lines }, { 2: 1 })).toEqual([
      { lineId: '1', quantity: 4 },
      { lineId: '2', quantity: 1 },
    ]);
  });
  it('takes in what is on its way unless fewer or more came, and says which are damaged', () => {
    const lines = [line('1', 0, 4), line('2', 0, 3), line('3', 0, 2), line('4', 5)];
    expect(receivedLines({ lines }, { 1: 5, 3: 0 }, { 2: 9 }, 'wet')).toEqual([
      { lineId: '1', quantity: 5 },
      { lineId: '2', quantity: 3, damaged: 3, reason: 'wet' },
    ]);
  });
  it('is shown while something is to be done, on the side where it is', async () => {
    const asked: string[] = [];
    const ask = (async (method: string, path: string, body?: object) => {
      asked.push(`${method} ${path}${body ? ` ${JSON.stringify(body)}` : ''}`);
      const items = path.includes('to=')
        ? [transfer('in', 'IN_TRANSIT'), transfer('done', 'CLOSED')]
        : [transfer('out', 'APPROVED'), transfer('no', 'REJECTED')];
      return { kind: 'done', value: { items } };
    }) as unknown as Ask;
    const desk = new TransfersDesk('near', ask);
    const open = await desk.open();
    expect(open).toMatchObject({
      value: { incoming: [{ transferId: 'in' }], outgoing: [{ transferId: 'out' }] },
    });
    await desk.step(transfer('in', 'IN_TRANSIT'), 'close', { reason: 'lost' });
    expect(asked.at(-1)).toBe('POST /api/transfers/in/close {"id":"close-7","reason":"lost"}');
  });
  it('tells why nothing can be shown', async () => {
    const desk = new TransfersDesk('near', async () => ({ kind: 'refused', reason: 'not you' }));
    expect(await desk.open()).toEqual({ kind: 'refused', reason: 'not you' });
  });
});
