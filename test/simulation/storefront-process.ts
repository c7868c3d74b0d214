import type { StockView, SubscribeAnswer } from '@shelfline/contracts/storefront-protocol';
import { TOPICS } from '@shelfline/contracts/topics';
import { Rooms } from '@shelfline/gateway/storefront/rooms';
import { decodeAvailability, type HeldStock } from '@shelfline/gateway/storefront/stock-board';
import { type StockFrame, StockFrames } from '@shelfline/gateway/storefront/stock-frame';
import { StockPush } from '@shelfline/gateway/storefront/stock-push';
import type { StorefrontMetrics } from '@shelfline/gateway/storefront/storefront.metrics';
import { type Outlet, Subscriber } from '@shelfline/gateway/storefront/subscriber';
import { Subscriptions } from '@shelfline/gateway/storefront/subscriptions';
import { Table } from '@shelfline/streaming/table';
import type { SimulatedKafkaPort } from '@shelfline/streaming/testing/simulated-kafka';
import type { Machine } from './machine.ts';
import { SKUS, UNKNOWN_SKU } from './setting.ts';

type Member = Subscriber<StockFrame>;
const TICK_MS = 50;
const LAG_WAIT_MS = 500;
const BEHIND_AT_BYTES = 600;
const MESSAGE_BYTES = 400;
const ASK_AGAIN_MS = 100;
const WATCHED = [...SKUS, UNKNOWN_SKU];

/** A storefront's page in a browser. It believes whatever it is sent, so what goes back in time is seen. */
export class Screen {
  readonly shown = new Map<string, StockView>();
  readonly wrongs: string[] = [];
  /** The one it is connected to, or waits for. */
  gateway = 0;
  private stalledUntilMs = 0;
  private leaves: () => void = () => {};

  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** Its connection, if there is one, is gone. */
  leave(): void {
    this.leaves();
    this.leaves = () => {};
  }
  connected(leaves: () => void): void {
    this.leave();
    this.leaves = leaves;
  }
  stall(untilMs: number): void {
    this.stalledUntilMs = untilMs;
  }
  stalledForMs(nowMs: number): number {
    return Math.max(0, this.stalledUntilMs - nowMs);
  }
  since(): Record<string, number> {
    return Object.fromEntries([...this.shown].map(([sku, { version }]) => [sku, version]));
  }
  show(views: readonly StockView[]): void {
    for (const view of views) {
      const before = this.shown.get(view.sku);
      if (before && before.version > view.version)
        this.wrongs.push(`${this.name}: ${view.sku} goes back from version ${before.version} to ${view.version}`);
      this.shown.set(view.sku, view);
    }
  }
}

/** The gateway's real tables, rooms and conflation; what it writes reaches a screen that may read slowly. */
export async function startStorefront(machine: Machine, kafka: SimulatedKafkaPort, onFatal: (error: Error) => void) {
  const { scheduler } = machine;
  const timer = {
    nowMs: () => machine.clock.now(),
    after: (delayMs: number, run: () => void) =>
      scheduler.at(scheduler.now() + delayMs, () => machine.isAlive && run()),
  };
  const rooms = new Rooms<Member>();
  const counts = { messages: 0, updates: 0, bytes: 0, conflated: 0 };
  const metrics = { counts, reachedScreens: () => {} } as unknown as StorefrontMetrics;
  const table = new Table<HeldStock>({
    kafka,
    topic: TOPICS.availability,
    topicName: TOPICS.availability.name,
    decode: decodeAvailability,
    versionOf: ({ version }) => version,
    onCrash: onFatal,
  });
  const push = new StockPush({ rooms, metrics, timer, tickMs: TICK_MS });
  push.follow(table);
  const frames = new StockFrames();
  const board = {
    find: (key: string) => table.get(key),
    onChange: (listener: () => void) => table.onChange(listener),
  };
  const subscriptions = new Subscriptions<Member>({
    rooms,
    board,
    epoch: 'one',
    timer,
    maxPerSocket: 100,
    lagWaitMs: LAG_WAIT_MS,
  });
  await table.start();
  await table.ready;

  const connect = async (screen: Screen): Promise<void> => {
    let isConnected = true;
    const isOpen = () => isConnected && machine.isAlive;
    const subscriber: Member = new Subscriber<StockFrame>(outletTo(screen, machine, isOpen), {
      encode: (pieces, seq) => frames.encode(pieces, seq),
      counts,
      nowMs: timer.nowMs,
      behindAtBytes: BEHIND_AT_BYTES,
      messageBytes: MESSAGE_BYTES,
    });
    screen.connected(() => {
      isConnected = false;
      subscriptions.leaveAll(subscriber);
    });
    for (let isIn = false; !isIn && isOpen(); ) {
      const body = { skus: WATCHED, channel: 'web', since: screen.since(), epoch: 'one' };
      await subscriptions.subscribe(subscriber, {}, body, isOpen, (answer) => {
        isIn = answer.ok;
        if (answer.ok) screen.show((answer as SubscribeAnswer).stock);
      });
      if (!isIn) await scheduler.sleep(ASK_AGAIN_MS);
    }
  };
  return { connect };
}
export type Storefront = Awaited<ReturnType<typeof startStorefront>>;

/** In order; a screen that reads slowly lets bytes pile up on the gateway's side. */
function outletTo(screen: Screen, machine: Machine, isOpen: () => boolean): Outlet<StockFrame> {
  const { scheduler } = machine;
  let waitingBytes = 0;
  let last = Promise.resolve();
  return {
    bufferedBytes: () => waitingBytes,
    write(frame, onTaken) {
      waitingBytes += frame.byteLength;
      last = last.then(async () => {
        await machine.travel();
        for (let ms = screen.stalledForMs(scheduler.now()); ms > 0; ms = screen.stalledForMs(scheduler.now()))
          await scheduler.sleep(ms);
        if (!isOpen()) return;
        waitingBytes -= frame.byteLength;
        const [, views] = JSON.parse(frame.packet.slice(frame.packet.indexOf('['))) as [string, StockView[]];
        screen.show(views);
        onTaken?.();
      });
    },
  };
}
