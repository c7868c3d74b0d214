import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import './kafkajs-connections.js';

const load = createRequire(import.meta.url);

describe('a connection of kafkajs', () => {
  const RequestQueue = load('kafkajs/src/network/requestQueue') as new (
    options: object,
  ) => {
    pending: unknown[];
    throttledUntil: number;
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    checkPendingRequests(): void;
    destroy(): void;
  };
  const logger = { namespace: () => ({ debug: () => {} }) };
  const options = { maxInFlightRequests: 1, requestTimeout: 1000, clientId: 'c', broker: 'b', logger };

  it('looked-every-millisecond: nothing is waited for while no request waits', () => {
    const queue = new RequestQueue(options);
    queue.checkPendingRequests();
    expect(queue.throttleCheckTimeoutId).toBeNull();
  });

  it('is looked at again while a request waits', () => {
    const queue = new RequestQueue(options);
    queue.throttledUntil = Date.now() + 60_000;
    queue.pending.push({});
    queue.checkPendingRequests();
    expect(queue.throttleCheckTimeoutId).not.toBeNull();
    queue.destroy();
  });
});
