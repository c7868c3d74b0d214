import { describe, expect, it } from '@jest/globals';
import * as ws from 'ws';
import type { Piece } from './rooms.js';
import { encodeView, StockFrame, StockFrames } from './stock-frame.js';

const view = (sku: string, version = 1) =>
  ({ sku, available: 3, status: 'low', version, asOf: '2026-01-01T00:00:00.000Z' }) as const;
const piece = (sku: string, version = 1): Piece => ({ json: encodeView(view(sku, version)), version, producedAtMs: 0 });

/** Not in the types of ws, but the part of it that reads frames. */
const { Receiver } = ws as unknown as { Receiver: new (options: { isServer: boolean }) => NodeJS.WritableStream };

/** What a websocket library reads from the bytes. */
function received(frame: StockFrame): string {
  const receiver = new Receiver({ isServer: false });
  const texts: string[] = [];
  receiver.on('message', (data: Buffer) => texts.push(data.toString()));
  receiver.write(Buffer.from(frame.websocketFrame, 'latin1'));
  expect(texts).toHaveLength(1);
  return texts[0]!;
}

describe('a stock message', () => {
  it('is what socket.io reads as the event with its two arguments', () => {
    const skus = ['A-1', 'quote " and \\', '羊毛围巾', 'emoji 🧣', ' '];
    const frame = new StockFrames().encode(
      skus.map((sku) => piece(sku)),
      7,
    );
    const text = received(frame);
    const start = '42/storefront,';
    expect(text.slice(0, start.length)).toBe(start);
    expect(JSON.parse(text.slice(start.length))).toEqual(['stock', skus.map((sku) => view(sku)), { seq: 7 }]);
    expect(text.slice(1)).toBe(frame.packet);
    expect(frame.byteLength).toBe(Buffer.byteLength(text));
  });

  it.each([0, 1, 98, 99, 100, 101, 4068, 4069, 4070, 65_508, 65_509, 65_510, 100_000])(
    'with states of %d characters keeps its length',
    (length) => {
      const states = 'x'.repeat(length);
      expect(received(new StockFrame(states, ']]'))).toBe(`42/storefront,["stock",[${states}]]`);
    },
  );

  it('is shared by sockets that have the same states and the same number', () => {
    const frames = new StockFrames();
    const a = piece('A');
    const first = frames.encode([a], 1);
    expect(frames.encode([a], 1)).toBe(first);
    expect(frames.encode([a], 2)).not.toBe(first);
    expect(frames.encode([piece('A')], 2)).not.toBe(first);
    expect(frames.encode([a, piece('B')], 2).packet).toContain('},{');
  });
});
