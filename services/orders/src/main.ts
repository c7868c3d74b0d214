import { loadConfig } from '@shelfline/service-kit/config';
import { bootstrap } from '@shelfline/service-kit/http';
import { OrdersConfig } from './config.js';
import { buildOrders } from './orders.module.js';

/** 500 orders of some lines each. */
const BODY_LIMIT_BYTES = 5 * 1024 * 1024;

await bootstrap({
  name: 'orders',
  description: 'Orders: taken, promised, routed to stores and warehouses, fulfilled.',
  config: loadConfig(OrdersConfig),
  bodyLimitBytes: BODY_LIMIT_BYTES,
  build: buildOrders,
});
