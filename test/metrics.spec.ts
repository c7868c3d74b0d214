import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { Metrics } from '@shelfline/service-kit/metrics';
import { createStreamMetrics } from '@shelfline/streaming/stream-metrics';
import { CatalogMetrics } from '../services/catalog/src/catalog-metrics.js';
import { createConnectMetrics } from '../services/connect/src/connect-metrics.js';
import { StoreMetrics } from '../services/gateway/src/store/store.metrics.js';
import { StorefrontMetrics } from '../services/gateway/src/storefront/storefront.metrics.js';
import { createInventoryMetrics } from '../services/inventory/src/metrics.js';
import { OrdersMetrics } from '../services/orders/src/orders-metrics.js';
import { WaitingOrders } from '../services/orders/src/waiting-orders.js';

/** Every metric of each service, made as the service makes it; what HTTP adds goes through the same checks. */
const services: Readonly<Record<string, (metrics: Metrics) => void>> = {
  catalog: (metrics) => {
    createStreamMetrics(metrics.registry);
    new CatalogMetrics(metrics).answered('applied', 0.01);
  },
  inventory: (metrics) => {
    createStreamMetrics(metrics.registry);
    createInventoryMetrics(metrics).drift(0);
  },
  connect: (metrics) => createConnectMetrics(metrics).requestItems.observe(3),
  orders: (metrics) => {
    createStreamMetrics(metrics.registry);
    const ofOrders = new OrdersMetrics(metrics);
    ofOrders.answered('applied', 0.01);
    ofOrders.exposeWaiting(new WaitingOrders({ readWaiting: () => Promise.reject(new Error('not asked')) }));
  },
  gateway: (metrics) => {
    const one = () => 1;
    new StorefrontMetrics(metrics).expose({
      sockets: one,
      subscriptions: one,
      rooms: one,
      heldBack: one,
      keys: one,
      lagRecords: one,
      unreadable: one,
    });
    new StoreMetrics(metrics).expose({
      sockets: one,
      unacknowledged: one,
      openTasks: one,
      lagRecords: one,
      unreadable: one,
    });
  },
};

describe('a scrape', () => {
  it.each(Object.keys(services))('of %s passes promtool check metrics', async (name) => {
    const metrics = new Metrics(name);
    services[name]!(metrics);
    const input = await metrics.registry.metrics();
    const { error, status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
    expect(error && `${error.message}: install Prometheus (apt-get install prometheus)`).toBeUndefined();
    expect([status, stdout + stderr]).toEqual([0, '']);
    expect(metrics.definitions().length).toBeGreaterThan(3);
  });
});
