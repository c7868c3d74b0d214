import type { Metrics } from '@shelfline/service-kit/metrics';
import { readWhenScraped } from '../sockets/read-when-scraped.js';
import type { PushCounts } from './subscriber.js';

/** Plain numbers on the hot path; the registry reads them when it is scraped. */
export class StorefrontMetrics {
  readonly counts: PushCounts = { messages: 0, updates: 0, bytes: 0, conflated: 0 };
  staleVersions = 0;

  private readonly evictions;
  private readonly refusals;
  private readonly toScreen;

  constructor(private readonly metrics: Metrics) {
    this.evictions = metrics.counter({
      name: 'shelfline_gateway_evicted_total',
      help: 'Sockets ended by the gateway, by reason',
      labelNames: ['reason'],
    });
    this.refusals = metrics.counter({
      name: 'shelfline_gateway_refused_total',
      help: 'Connections and requests refused, by reason',
      labelNames: ['reason'],
    });
    this.toScreen = metrics.histogram({
      name: 'shelfline_gateway_delta_to_screen_seconds',
      help: 'From the append of a delta to the write of its state to the last of its sockets',
    });
  }

  evicted(reason: string): void {
    this.evictions.inc({ reason });
  }
  refused(reason: string): void {
    this.refusals.inc({ reason });
  }
  reachedScreens(delayMs: number): void {
    this.toScreen.observe(delayMs / 1000);
  }

  /** Metrics that are read off when scraped. */
  expose(read: {
    sockets: () => number;
    subscriptions: () => number;
    rooms: () => number;
    heldBack: () => number;
    keys: () => number;
    lagRecords: () => number;
    unreadable: () => number;
  }): void {
    const { gauge, counter } = readWhenScraped(this.metrics);
    gauge('shelfline_gateway_sockets', 'Sockets in /storefront', read.sockets);
    gauge('shelfline_gateway_subscriptions', 'SKUs watched, summed over sockets', read.subscriptions);
    gauge('shelfline_gateway_rooms', 'SKUs, channels and regions that somebody watches', read.rooms);
    gauge('shelfline_gateway_table_keys', 'Availability states held', read.keys);
    gauge('shelfline_gateway_table_lag_records', 'Availability records not yet read', read.lagRecords);
    counter('shelfline_gateway_messages_out_total', 'Stock messages written', () => this.counts.messages);
    counter('shelfline_gateway_updates_out_total', 'SKU states within those messages', () => this.counts.updates);
    counter('shelfline_gateway_bytes_out_total', 'Bytes of those messages', () => this.counts.bytes);
    counter(
      'shelfline_gateway_conflated_total',
      'States replaced by a newer one before they were sent',
      () => this.counts.conflated + read.heldBack(),
    );
    counter(
      'shelfline_gateway_stale_versions_total',
      'Records below the version held, ignored',
      () => this.staleVersions,
    );
    counter('shelfline_gateway_unreadable_total', 'Availability records that could not be read', read.unreadable);
  }
}
