import { beforeEach, describe, expect, it } from '@jest/globals';
import { ServerKeeper } from './server-keeper.js';

const exited = (server: 'kafka' | 'mongodb', name: string) =>
  ({ kind: 'exited', server, name, code: null, signal: 'SIGKILL', logFile: '/logs/x.log' }) as const;

describe('a local server that ends by itself', () => {
  let said: string[];
  let started: string[];
  let failures: number;
  let paused: number[];
  let ending: AbortController;
  let back: () => void;
  let isBack: Promise<void>;
  const nothing = () => Promise.resolve();
  const start = (name: string): Promise<void> => {
    if (failures-- > 0) return Promise.reject(new Error('its port is taken.'));
    started.push(name);
    return Promise.resolve();
  };
  const stack = {
    kafka: { brokers: [], stopBroker: nothing, startBroker: (id: number) => start(`broker ${id}`) },
    mongodb: { pid: undefined, stop: nothing, start: () => start('mongodb') },
  };
  const newKeeper = () =>
    new ServerKeeper({
      say: (line) => {
        said.push(line);
        if (line.includes('is back')) back();
      },
      signal: ending.signal,
      pause: (ms) => {
        paused.push(ms);
        return Promise.resolve();
      },
      nowMs: () => 1000,
    });

  beforeEach(() => {
    [said, started, paused, failures] = [[], [], [], 0];
    ending = new AbortController();
    isBack = new Promise((resolve) => {
      back = resolve;
    });
  });

  it('is started again, and the person hears of both', async () => {
    const keeper = newKeeper();
    keeper.keep(stack);
    expect(keeper.exited(exited('kafka', 'kafka-broker-2'))).toBe(true);
    await isBack;
    expect(started).toEqual(['broker 2']);
    expect(said).toEqual([
      expect.stringContaining('Kafka (kafka-broker-2) ended by itself (SIGKILL)'),
      'Kafka (kafka-broker-2) is back after 0.0 s',
    ]);
  });

  it('is tried again with growing pauses when it does not start', async () => {
    failures = 3;
    const keeper = newKeeper();
    keeper.keep(stack);
    keeper.exited(exited('mongodb', 'secantus'));
    await isBack;
    expect(started).toEqual(['mongodb']);
    expect(paused).toEqual([500, 1000, 2000, 4000]);
    expect(said.filter((line) => line.includes('its port is taken. It is tried again.'))).toHaveLength(3);
  });

  it('is started once though it ends once more while it starts', async () => {
    const keeper = newKeeper();
    keeper.keep(stack);
    keeper.exited(exited('mongodb', 'secantus'));
    keeper.exited(exited('mongodb', 'secantus'));
    await isBack;
    expect(started).toEqual(['mongodb']);
  });

  it('is left alone while everything starts or stops', () => {
    const keeper = newKeeper();
    expect(keeper.exited(exited('mongodb', 'secantus'))).toBe(false);
    keeper.keep(stack);
    ending.abort();
    expect(keeper.exited(exited('mongodb', 'secantus'))).toBe(false);
    expect(started).toEqual([]);
  });
});
