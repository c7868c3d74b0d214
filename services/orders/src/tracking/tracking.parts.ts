import { TrackingTokens } from '@shelfline/service-kit/tracking-tokens';
import type { OrdersConfig } from '../config.js';
import { OrderTracking, type PlaceNames } from './order-tracking.js';
import { TrackedController } from './tracked.controller.js';
import { TrackingController } from './tracking.controller.js';
import { TrackingLinks } from './tracking-links.js';

const DAY_MS = 24 * 60 * 60 * 1000;

export function trackingParts(config: OrdersConfig, names: PlaceNames) {
  const orders = new OrderTracking(names);
  const links = new TrackingLinks({
    tokens: config.TRACKING_KEYS && new TrackingTokens(config.TRACKING_KEYS.reveal()),
    forMs: config.TRACKING_LINK_DAYS * DAY_MS,
    base: config.TRACKING_LINK_BASE,
    nowMs: Date.now,
  });
  return {
    orders,
    links,
    controllers: [TrackedController, TrackingController],
    providers: [
      { provide: OrderTracking, useValue: orders },
      { provide: TrackingLinks, useValue: links },
    ],
  };
}
