import { createRequire } from 'node:module';
import { describe, expect, it, jest } from '@jest/globals';
import './kafkajs-connections.js';

const load = createRequire(import.meta.url);

describe('a connection of kafkajs', () => {
  const RequestQueue = load('kafkajs/src/network/requestQueue') as new (
    options: object,
  ) => {
    pending: unknown[];
    throttledUntil: number;
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    inflight: Map<number, { sentAt: number; requestTimeout: number; timeoutRequest: () => void }>;
    checkPendingRequests(): void;
    scheduleRequestTimeoutCheck(): void;
    destroy(): void;
  };
  const logger = { namespace: () => ({ debug: () => {} }) };
  const options = { maxInFlightRequests: 1, requestTimeout: 1000, clientId: 'c', broker: 'b', logger };

  it('looked-every-millisecond: nothing is waited for while no request waits', () => {
    const queue = new RequestQueue(options);
    queue.checkPendingRequests();
    expect(queue.throttleCheckTimeoutId).toBeNull();
  });

  it('tells requests that have waited for too long, and no others, while it is used', async () => {
    const late: string[] = [];
    const request = (name: string, sentAt: number) => ({
      sentAt,
      requestTimeout: 1000,
      timeoutRequest: () => void late.push(name),
    });
    const open = (sentAt: number, name: string) => {
      const queue = new RequestQueue({ ...options, enforceRequestTimeout: true });
      queue.inflight.set(1, request(name, sentAt));
      queue.scheduleRequestTimeoutCheck();
      return queue;
    };
    jest.useFakeTimers({ now: 10_000 });
    const queues = [open(9800, 'soon'), open(8900, 'late'), open(8900, 'closed')];
    queues[2]!.destroy();
    jest.advanceTimersByTime(500);
    expect(late).toEqual(['late']);
    for (const queue of queues) queue.destroy();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
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
