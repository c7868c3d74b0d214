// npm run bench -- push [--json FILE]: updates pushed to sockets, beside bare socket.io and bare ws in the same run.
import { parseArgs } from 'node:util';
import { availabilityKey } from '@shelfline/contracts/identifiers';
import { TOPICS } from '@shelfline/contracts/topics';
import { startLocalStack } from '@shelfline/local-stack/local-stack';
import type { KafkaPort, RecordToSend } from '@shelfline/streaming/kafka-port';
import { connectKafka } from '@shelfline/streaming/kafkajs-port';
import { partitionFor } from '@shelfline/streaming/partitioner';
import { topicName } from '@shelfline/streaming/topics-setup';
import { type Report, skuNames, viewOf } from './push/messages.ts';
import { BareServer, GatewayProcess, Loader, type ServerUnderTest } from './push/processes.ts';
import { pause, report as printReport, say } from './rig.ts';

const PARTITIONS = 12;
const SOCKETS = 2000;
const ROOMS = 200;
const SATURATED_MS = 10_000;
const ALONE_MS = 5000;
const WARM_UP_MS = 2000;
const MODERATE_MS = 10_000;
const MODERATE_UPDATES_PER_SECOND = 20_000;
/** Rounds (an update of every room) on their way at a time, the same for all: a saturated server has work waiting. */
const ROUNDS_UNDER_WAY = 8;
const SETTLE_MS = 2000;
/** Long enough for the garbage of start and handshakes to be given back: what stays is what sockets cost. */
const IDLE_MS = 12_000;
const FIRST_VERSION = 2 ** 40;

interface Measured {
  readonly updatesPerSecond: number;
  readonly updatesPerCpuSecond: number;
  readonly updatesPerMessage: number;
  /** The same with one round under way, so that hardly ever two updates share a message. */
  readonly updatesPerCpuSecondAlone: number;
  readonly kbPerSocket: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}
interface Contestant {
  readonly name: string;
  readonly server: ServerUnderTest;
  readonly protocol: 'socket.io' | 'ws';
  readonly token: string;
  /** One update to each of these SKUs' rooms. */
  readonly round: (skus: readonly string[]) => unknown;
}

const skus = skuNames(ROOMS);

/** As many rounds as the server manages: the next one starts as soon as too few are under way. */
async function saturate(
  contestant: Contestant,
  loader: Loader,
  durationMs: number,
  roundsUnderWay: number,
): Promise<void> {
  loader.reset({ timed: false });
  let sent = 0;
  const sendWhile = (arrived: number): void => {
    while (sent - Math.floor(arrived / SOCKETS) < roundsUnderWay) {
      sent++;
      contestant.round(skus);
    }
  };
  loader.onProgress = sendWhile;
  sendWhile(0);
  await pause(durationMs);
  loader.onProgress = () => {};
}

interface Busy {
  readonly updatesPerSecond: number;
  readonly updatesPerCpuSecond: number;
  readonly updatesPerMessage: number;
}

async function busy(contestant: Contestant, loader: Loader, durationMs: number, roundsUnderWay: number): Promise<Busy> {
  const before = await contestant.server.usage();
  const startedMs = performance.now();
  await saturate(contestant, loader, durationMs, roundsUnderWay);
  const [{ updates, messages }, after] = await Promise.all([loader.report(), contestant.server.usage()]);
  await pause(SETTLE_MS);
  return {
    updatesPerSecond: Math.round((updates / (performance.now() - SETTLE_MS - startedMs)) * 1000),
    updatesPerCpuSecond: Math.round(updates / (after.cpuSeconds - before.cpuSeconds)),
    updatesPerMessage: Math.round((updates / messages) * 100) / 100,
  };
}

async function moderate(contestant: Contestant, loader: Loader): Promise<Report> {
  await pause(SETTLE_MS);
  loader.reset({ timed: true });
  const batches = PARTITIONS;
  const byPartition = Array.from({ length: batches }, (_, i) => skus.filter((sku) => partitionFor(sku, batches) === i));
  const roundEveryMs = (SOCKETS / MODERATE_UPDATES_PER_SECOND) * 1000;
  const startedMs = performance.now();
  for (let step = 0; performance.now() - startedMs < MODERATE_MS; step++) {
    contestant.round(byPartition[step % batches]!);
    const dueMs = startedMs + ((step + 1) * roundEveryMs) / batches;
    await pause(Math.max(0, dueMs - performance.now()));
  }
  await pause(SETTLE_MS);
  return loader.report();
}

async function measure(contestant: Contestant): Promise<Measured> {
  const { name, server, protocol, token } = contestant;
  const loader = new Loader();
  try {
    await pause(IDLE_MS);
    const idle = await server.usage();
    await loader.connect({
      port: server.port,
      protocol,
      token,
      sockets: SOCKETS,
      skus,
      skusPerSocket: 1,
      tellEvery: SOCKETS,
    });
    await pause(IDLE_MS);
    const connected = await server.usage();
    await busy(contestant, loader, WARM_UP_MS, ROUNDS_UNDER_WAY);
    const saturated = await busy(contestant, loader, SATURATED_MS, ROUNDS_UNDER_WAY);
    const alone = await busy(contestant, loader, ALONE_MS, 1);
    const { p50Ms, p99Ms, backwards, lost } = await moderate(contestant, loader);
    if (backwards + lost > 0) throw new Error(`${name}: ${backwards} versions went back, ${lost} sockets were lost`);
    const measured = {
      ...saturated,
      updatesPerCpuSecondAlone: alone.updatesPerCpuSecond,
      kbPerSocket: Math.round(((connected.rssBytes - idle.rssBytes) / SOCKETS / 1024) * 10) / 10,
      p50Ms,
      p99Ms,
    };
    say(`${name.padEnd(16)} ${JSON.stringify(measured)}`);
    return measured;
  } finally {
    await loader.stop();
  }
}

async function measureBare(kind: 'socket.io' | 'ws'): Promise<Measured> {
  const server = await BareServer.start(kind);
  try {
    return await measure({
      name: `bare ${kind}`,
      server,
      protocol: kind,
      token: 'none',
      round: (rooms) => server.round(rooms),
    });
  } finally {
    await server.stop();
  }
}

async function measureGateway(kafka: KafkaPort, brokers: string): Promise<Measured> {
  const prefix = `bench-push-${process.pid}-${Date.now()}.`;
  const topic = topicName(TOPICS.availability, prefix);
  const server = await GatewayProcess.start({ brokers, prefix, tickMs: 0 });
  let version = FIRST_VERSION;
  const round = async (rooms: readonly string[]): Promise<void> => {
    version++;
    const nowMs = Date.now();
    const records = new Map<number, RecordToSend[]>();
    for (const sku of rooms) {
      const partition = partitionFor(sku, PARTITIONS);
      const value = JSON.stringify({
        ...viewOf(sku, version, nowMs),
        channel: 'web',
        region: 'all',
        producedAtMs: nowMs,
      });
      const record = { key: availabilityKey(sku, 'web', 'all'), value };
      const group = records.get(partition);
      if (group) group.push(record);
      else records.set(partition, [record]);
    }
    await Promise.all([...records].map(([partition, group]) => kafka.send(topic, partition, group)));
  };
  try {
    return await measure({ name: 'Shelfline', server, protocol: 'socket.io', token: server.token, round });
  } finally {
    await server.stop();
  }
}

const ratio = (a: number, b: number): number => Math.round((a / b) * 100) / 100;

const { values } = parseArgs({ options: { json: { type: 'string' } } });
const stack = process.env['KAFKA_BROKERS'] ? undefined : await startLocalStack({ purpose: 'bench-push' });
const brokers = process.env['KAFKA_BROKERS'] ?? stack!.kafkaBrokers.join(',');
const kafka = await connectKafka({ brokers: brokers.split(','), clientId: 'bench-push' });
try {
  say(`${SOCKETS} sockets over ${ROOMS} rooms, messages of some 200 bytes, nothing held back; all on this machine.`);
  const bareWs = await measureBare('ws');
  const bareSocketIo = await measureBare('socket.io');
  const shelfline = await measureGateway(kafka, brokers);
  const result = {
    rooms: {
      [SOCKETS]: {
        updatesPerSecond: shelfline.updatesPerSecond,
        updatesPerCpuSecond: shelfline.updatesPerCpuSecond,
        bareSocketIoPerCpuSecond: bareSocketIo.updatesPerCpuSecond,
        bareWsPerCpuSecond: bareWs.updatesPerCpuSecond,
        p50Ms: shelfline.p50Ms,
        p99Ms: shelfline.p99Ms,
        kbPerSocket: shelfline.kbPerSocket,
        ratio: ratio(shelfline.updatesPerCpuSecond, bareSocketIo.updatesPerCpuSecond),
        ratioAlone: ratio(shelfline.updatesPerCpuSecondAlone, bareSocketIo.updatesPerCpuSecondAlone),
        shelfline,
        bareSocketIo,
        bareWs,
      },
    },
  };
  printReport(result, values.json);
} finally {
  await kafka.close();
  await stack?.stop();
}
