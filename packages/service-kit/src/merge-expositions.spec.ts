import { describe, expect, it } from '@jest/globals';
import { mergeExpositions } from './merge-expositions.js';
import { Metrics } from './metrics.js';

describe('expositions of several services as one', () => {
  it('name each family once, with the samples of all of them together', () => {
    const inventory = '# HELP up Runs\n# TYPE up gauge\nup{service="inventory"} 1\n\n# TYPE lag gauge\nlag 7\n';
    const connect = '# HELP up Runs, too\n# TYPE up gauge\nup{service="connect"} 0\n';
    expect(mergeExpositions([inventory, connect])).toBe(
      '# HELP up Runs\n# TYPE up gauge\nup{service="inventory"} 1\nup{service="connect"} 0\n\n# TYPE lag gauge\nlag 7\n',
    );
  });

  it('are shown beside the own ones of a service that includes them', async () => {
    const own = new Metrics('gateway');
    const part = new Metrics('inventory');
    part.gauge({ name: 'shelfline_lag_records', help: 'Lag' }).set(3);
    own.include(async () => [await part.registry.metrics()]);
    const text = await own.wholeText();
    expect(text).toContain('shelfline_lag_records{service="inventory"} 3');
    expect(text.match(/^# TYPE process_cpu_seconds_total counter$/gm)).toHaveLength(1);
    expect(text.match(/^process_cpu_seconds_total\{/gm)).toHaveLength(2);
    expect(await own.registry.metrics()).not.toContain('inventory');
  });
});
