import { describe, expect, it } from '@jest/globals';
import { Metrics } from '@shelfline/service-kit/metrics';
import type { Table, TableListener } from '@shelfline/streaming/table';
import { ManualTimer } from '../testing/manual-timer.js';
import { Rooms } from './rooms.js';
import type { HeldStock } from './stock-board.js';
import { type StockFrame, StockFrames } from './stock-frame.js';
import { StockPush } from './stock-push.js';
import { StorefrontMetrics } from './storefront.metrics.js';
import { Subscriber } from './subscriber.js';

const TICK_MS = 2;
/** More than leave at once within such a tick. */
const MANY = 100;

function pushToOneSocketForEachSku() {
  const rooms = new Rooms<Subscriber<StockFrame>>();
  const metrics = new StorefrontMetrics(new Metrics('test'));
  const frames = new StockFrames();
  for (let i = 0; i < MANY; i++) {
    const outlet = { bufferedBytes: () => 0, write: () => {} };
    const member = new Subscriber<StockFrame>(outlet, {
      encode: (pieces, seq) => frames.encode(pieces, seq),
      counts: metrics.counts,
      nowMs: () => 0,
      behindAtBytes: 1000,
      messageBytes: 1000,
    });
    rooms.join(member, `sku-${i}`, 'web', 'all');
  }
  let listener: TableListener<HeldStock> = () => {};
  const table = {
    onChange: (one: TableListener<HeldStock>) => {
      listener = one;
    },
  };
  new StockPush({ rooms, metrics, timer: new ManualTimer(), tickMs: TICK_MS }).follow(
    table as unknown as Table<HeldStock>,
  );
  const changed = (skus: number) =>
    listener(
      Array.from({ length: skus }, (_, i) => ({
        key: `sku-${i}|web|all`,
        value: { sku: `sku-${i}`, available: 1, status: 'in_stock', version: 1, asOf: '', producedAtMs: 0 } as const,
        previous: undefined,
        record: { topic: '', partition: 0, offset: i, timestampMs: 0, key: null, value: null, headers: {} },
      })),
    );
  return { changed, counts: metrics.counts };
}

describe('the push, to the table it follows', () => {
  it('lets it read on while changes leave at once', () => {
    const { changed, counts } = pushToOneSocketForEachSku();
    expect(changed(1)).toBeUndefined();
    expect(counts.messages).toBe(1);
  });

  it('lets it rest once every change waits for the end of the tick', () => {
    const { changed, counts } = pushToOneSocketForEachSku();
    expect(changed(MANY)).toBeInstanceOf(Promise);
    expect(counts.messages).toBe(MANY);
  });
});
