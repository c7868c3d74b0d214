import { open } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { Metrics, sizeBuckets } from './metrics.js';

describe('Metrics', () => {
  it('writes what promtool accepts: no gauge or histogram ends as a counter, everything has a help text', async () => {
    const metrics = new Metrics('catalog');
    metrics.counter({ name: 'shelfline_answers_total', help: 'Answers', labelNames: ['result'] }).inc({ result: 'ok' });
    metrics.histogram({ name: 'shelfline_batch_records', help: 'Records', buckets: sizeBuckets }).observe(3);
    const text = await metrics.registry.metrics();
    for (const [, name, type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
      expect([name, name?.endsWith('_total')]).toEqual([name, type === 'counter']);
      expect(text).toMatch(new RegExp(`^# HELP ${name} \\S`, 'm'));
    }
    expect(text).toContain('shelfline_answers_total{result="ok",service="catalog"} 1');
  });

  it.each([
    ['answers_total', /shelfline_/],
    ['shelfline_Answers_total', /lower case/],
    ['shelfline_answers', /_total/],
    ['shelfline_waited_ms_total', /base units/],
  ])('refuses a counter named %s', (name, reason) => {
    expect(() => new Metrics('x').counter({ name, help: 'h' })).toThrow(reason);
  });

  it.each(['sku', 'order', 'memberId', 'socket', 'id', 'order_id', 'user', 'ip'])('refuses the label %s', (label) => {
    expect(() => new Metrics('x').gauge({ name: 'shelfline_stock_units', help: 'h', labelNames: [label] })).toThrow(
      /unbounded/,
    );
  });

  it('counts open files, and walks over no handles: a scrape held up 5,000 sockets', async () => {
    const { registry } = new Metrics('x');
    const openFiles = async (): Promise<number> =>
      Number(/^process_open_fds\{[^}]*\} (\d+)$/m.exec(await registry.metrics())?.[1]);
    const before = await openFiles();
    const opened = await Promise.all(Array.from({ length: 50 }, () => open(import.meta.filename)));
    expect(await openFiles()).toBeGreaterThanOrEqual(before + 50);
    await Promise.all(opened.map((file) => file.close()));
    expect(await registry.metrics()).not.toMatch(/nodejs_active_/);
  });

  it('lists what the service measures itself, however it was registered', async () => {
    const metrics = new Metrics('x');
    metrics.gauge({
      name: 'shelfline_open_sockets',
      help: 'Sockets',
      collect() {
        this.set(5);
      },
    });
    expect(metrics.definitions()).toEqual([
      { name: 'shelfline_open_sockets', help: 'Sockets', type: 'gauge', labelNames: [] },
    ]);
    expect(await metrics.registry.metrics()).toContain('shelfline_open_sockets{service="x"} 5');
  });
});
