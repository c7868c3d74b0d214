// npm run bench -- push [--pattern rooms|page] [--sockets 2000,5000] [--seconds N] [--json FILE]: updates pushed to
// sockets, beside bare socket.io and bare ws in the same run.
import { parseArgs } from 'node:util';
import { startLocalStack } from '@shelfline/local-stack/local-stack';
import { connectKafka } from '@shelfline/streaming/kafkajs-port';
import { withBare, withGateway } from './push/contestants.ts';
import { measurePage, PAGE_CHANGES_PER_SECOND, PAGE_SKUS, PAGE_TICK_MS, SKUS_PER_PAGE } from './push/page.ts';
import { type Load, measureRooms, ROOMS } from './push/rooms.ts';
import { report, say } from './rig.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    pattern: { type: 'string' },
    sockets: { type: 'string', default: '2000,5000' },
    seconds: { type: 'string', default: '10' },
  },
});
const PATTERNS = ['rooms', 'page'];
const patterns = values.pattern?.split(',') ?? PATTERNS;
const socketCounts = values.sockets.split(',').map(Number);
const durationMs = Number(values.seconds) * 1000;
if (!patterns.every((name) => PATTERNS.includes(name))) throw new Error(`--pattern is one of ${PATTERNS.join(', ')}.`);
if (!socketCounts.every((count) => Number.isInteger(count) && count > 0))
  throw new Error('--sockets takes whole numbers above 0, with commas between them.');
if (!(durationMs > 0)) throw new Error('--seconds takes a number above 0.');

const ratio = (a: number, b: number): number => Math.round((a / b) * 100) / 100;

const stack = process.env['KAFKA_BROKERS'] ? undefined : await startLocalStack({ purpose: 'bench-push' });
const brokers = process.env['KAFKA_BROKERS'] ?? stack!.kafkaBrokers.join(',');
const kafka = await connectKafka({ brokers: brokers.split(','), clientId: 'bench-push' });

async function rooms(load: Load) {
  say(
    `${load.sockets} sockets over ${ROOMS} rooms, messages of some 200 bytes, nothing held back; all on this machine.`,
  );
  const bareWs = await withBare('ws', (contestant) => measureRooms(contestant, load));
  const bareSocketIo = await withBare('socket.io', (contestant) => measureRooms(contestant, load));
  const shelfline = await withGateway({ kafka, brokers, tickMs: 0 }, (contestant) => measureRooms(contestant, load));
  return {
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
  };
}

async function page(load: Load) {
  say(
    `${load.sockets} sockets with ${SKUS_PER_PAGE} of ${PAGE_SKUS} SKUs each, ${PAGE_CHANGES_PER_SECOND} changes a ` +
      `second, ticks of ${PAGE_TICK_MS} ms; all on this machine.`,
  );
  const bareWs = await withBare('ws', (contestant) => measurePage(contestant, load));
  const bareSocketIo = await withBare('socket.io', (contestant) => measurePage(contestant, load));
  const packedSocketIo = await withBare('socket.io packed', (contestant) => measurePage(contestant, load));
  const shelfline = await withGateway({ kafka, brokers, tickMs: PAGE_TICK_MS }, (contestant) =>
    measurePage(contestant, load),
  );
  return {
    updatesPerSecond: shelfline.updatesPerSecond,
    updatesPerCpuSecond: shelfline.updatesPerCpuSecond,
    bareSocketIoPerCpuSecond: bareSocketIo.updatesPerCpuSecond,
    packedSocketIoPerCpuSecond: packedSocketIo.updatesPerCpuSecond,
    bareWsPerCpuSecond: bareWs.updatesPerCpuSecond,
    p50Ms: shelfline.p50Ms,
    p99Ms: shelfline.p99Ms,
    kbPerSocket: shelfline.kbPerSocket,
    versionsBack: shelfline.versionsBack,
    ratio: ratio(shelfline.updatesPerCpuSecond, bareSocketIo.updatesPerCpuSecond),
    ratioPacked: ratio(shelfline.updatesPerCpuSecond, packedSocketIo.updatesPerCpuSecond),
    shelfline,
    bareSocketIo,
    packedSocketIo,
    bareWs,
  };
}

try {
  const result: Record<string, Record<string, object>> = {};
  for (const pattern of patterns) {
    result[pattern] = {};
    for (const sockets of socketCounts)
      result[pattern][sockets] = await (pattern === 'rooms' ? rooms : page)({ sockets, durationMs });
  }
  report(result, values.json);
} finally {
  await kafka.close();
  await stack?.stop();
}
