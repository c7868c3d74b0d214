import { describe, expect, it } from '@jest/globals';
import { kafkaReadiness } from './kafka-readiness.js';

const never = new Promise<never>(() => {});
const clockThat = (isOver: boolean) => ({ sleep: () => (isOver ? Promise.resolve() : never) });
const kafkaThat = (offsets: () => Promise<never[]>) => ({ offsets });

describe('readiness by Kafka', () => {
  it.each([
    ['answers', kafkaThat(async () => []), false, { ready: true }],
    ['is silent', kafkaThat(() => never), true, { ready: false, detail: 'does not answer within 1000 ms' }],
    [
      'is away',
      kafkaThat(() => Promise.reject(new Error('connection refused'))),
      false,
      { ready: false, detail: 'does not answer: connection refused' },
    ],
  ])('where it %s', async (_, kafka, isOver, result) => {
    expect(await kafkaReadiness(kafka, 'deltas', clockThat(isOver))).toEqual(result);
  });
});
