// Many sockets in few rooms, and nothing held back: what it costs to send one state to everybody who watches it.
import { pause, say } from '../rig.ts';
import { byPartition, type Contestant, PARTITIONS } from './contestants.ts';
import { type Report, skuNames } from './messages.ts';
import { Loader } from './processes.ts';

export const ROOMS = 200;
const WARM_UP_MS = 2000;
const MODERATE_UPDATES_PER_SECOND = 20_000;
/** Rounds (an update of every room) on their way at a time, the same for all: a saturated server has work waiting. */
const ROUNDS_UNDER_WAY = 8;
const SETTLE_MS = 2000;
/** Long enough for the garbage of start and handshakes to be given back: what stays is what sockets cost. */
export const IDLE_MS = 12_000;

interface Busy {
  readonly updatesPerSecond: number;
  readonly updatesPerCpuSecond: number;
  readonly updatesPerMessage: number;
}
export interface RoomsMeasured extends Busy {
  /** The same with one round under way, so that hardly ever two updates share a message. */
  readonly updatesPerCpuSecondAlone: number;
  readonly kbPerSocket: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}
export interface Load {
  readonly sockets: number;
  readonly durationMs: number;
}

const skus = skuNames(ROOMS);

/** As many rounds as the server manages: the next one starts as soon as too few are under way. */
async function saturate(
  contestant: Contestant,
  loader: Loader,
  { sockets, durationMs }: Load,
  roundsUnderWay: number,
): Promise<void> {
  loader.reset({ timeEvery: 0 });
  let sent = 0;
  const sendWhile = (arrived: number): void => {
    while (sent - Math.floor(arrived / sockets) < roundsUnderWay) {
      sent++;
      contestant.change(skus);
    }
  };
  loader.onProgress = sendWhile;
  sendWhile(0);
  await pause(durationMs);
  loader.onProgress = () => {};
}

async function busy(contestant: Contestant, loader: Loader, load: Load, roundsUnderWay: number): Promise<Busy> {
  const before = await contestant.server.usage();
  const startedMs = performance.now();
  await saturate(contestant, loader, load, roundsUnderWay);
  const [{ updates, messages }, after] = await Promise.all([loader.report(), contestant.server.usage()]);
  await pause(SETTLE_MS);
  return {
    updatesPerSecond: Math.round((updates / (performance.now() - SETTLE_MS - startedMs)) * 1000),
    updatesPerCpuSecond: Math.round(updates / (after.cpuSeconds - before.cpuSeconds)),
    updatesPerMessage: Math.round((updates / messages) * 100) / 100,
  };
}

async function moderate(contestant: Contestant, loader: Loader, { sockets, durationMs }: Load): Promise<Report> {
  await pause(SETTLE_MS);
  loader.reset({ timeEvery: 1 });
  const batches = byPartition(skus);
  const roundEveryMs = (sockets / MODERATE_UPDATES_PER_SECOND) * 1000;
  const startedMs = performance.now();
  for (let step = 0; performance.now() - startedMs < durationMs; step++) {
    contestant.change(batches[step % PARTITIONS]!);
    const dueMs = startedMs + ((step + 1) * roundEveryMs) / PARTITIONS;
    await pause(Math.max(0, dueMs - performance.now()));
  }
  await pause(SETTLE_MS);
  return loader.report();
}

export async function measureRooms(contestant: Contestant, load: Load): Promise<RoomsMeasured> {
  const { name, server, protocol, token } = contestant;
  const { sockets, durationMs } = load;
  const loader = new Loader();
  try {
    await pause(IDLE_MS);
    const idle = await server.usage();
    await loader.connect({ port: server.port, protocol, token, sockets, skus, skusPerSocket: 1, tellEvery: sockets });
    await pause(IDLE_MS);
    const connected = await server.usage();
    await busy(contestant, loader, { sockets, durationMs: WARM_UP_MS }, ROUNDS_UNDER_WAY);
    const saturated = await busy(contestant, loader, load, ROUNDS_UNDER_WAY);
    const alone = await busy(contestant, loader, { sockets, durationMs: durationMs / 2 }, 1);
    const { p50Ms, p99Ms, backwards, lost } = await moderate(contestant, loader, load);
    if (backwards + lost > 0) throw new Error(`${name}: ${backwards} versions went back, ${lost} sockets were lost`);
    const measured = {
      ...saturated,
      updatesPerCpuSecondAlone: alone.updatesPerCpuSecond,
      kbPerSocket: Math.round(((connected.rssBytes - idle.rssBytes) / sockets / 1024) * 10) / 10,
      p50Ms,
      p99Ms,
    };
    say(`rooms ${sockets} ${name.padEnd(22)} ${JSON.stringify(measured)}`);
    return measured;
  } finally {
    await loader.stop();
  }
}
