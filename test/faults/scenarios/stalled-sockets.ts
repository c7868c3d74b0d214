import { setTimeout as sleep } from 'node:timers/promises';
import { skuNames } from '../../bench/push/messages.ts';
import { moment, until } from '../awaiting.ts';
import type { LoaderReport } from '../sockets/loader-messages.ts';
import { delayPercentile, SKU_COUNT, type SocketField, type SocketScenario } from '../sockets/socket-field.ts';

const WINDOW_MS = 8000;
const SAMPLE_EVERY_MS = 250;
const SETTLE_MS = 3000;
const MEMORY_LIMIT_KIB = 64;
const GROWTH_LIMIT_PERCENT = 10;
/** Long enough for a window to pass before the first is ended; a ping would end it after 20 s at the earliest. */
const EVICT_AFTER_MS = 15_000;
const ALL_EVICTED_WITHIN_MS = 45_000;
/** Only the stalled watch these: they fill their buffers without making the others busy. */
const FILLERS = skuNames(SKU_COUNT + 40).slice(SKU_COUNT);
/** Above the gateway's tick, so that each turn is a message. */
const FILL_EVERY_MS = 75;
/** Where the system's buffers are of ordinary size they take some 4 MB a socket: not filled, lest the machine be. */
const MOST_FILL_TURNS = 120;

/** Half of the stalled read on while the gateway still waits for them, half only once they were evicted. */
export const stalledSockets: SocketScenario = {
  name: 'stalled-sockets',
  what: 'a fifth of the sockets stops reading; half of them reads on soon, half is evicted and comes back',
  secondShare: 0.2,
  alsoWatched: FILLERS,
  backWithinMs: 1000,
  gatewayEnv: { EVICT_AFTER_MS: String(EVICT_AFTER_MS) },
  async run(field) {
    const rounds: StallRound[] = [];
    do rounds.push(await stall(field));
    while (!field.isOver());
    const worst = (figure: (round: StallRound) => number): number => Math.max(...rounds.map(figure));
    const { sockets } = field.fleets[1]!;
    const kib = (bytes: number): number => Math.round((bytes / sockets / 1024) * 10) / 10;
    const memory = { limit: MEMORY_LIMIT_KIB, unit: 'KiB', isTiming: false };
    field.record.figure({
      ...memory,
      what: 'most memory per stalled socket',
      value: kib(worst(({ mostBytes }) => mostBytes)),
    });
    const windows = [rounds.map((round) => round.before), rounds.map((round) => round.meanwhile)];
    const [p50Before, p50Meanwhile] = windows.map((reports) => delayPercentile(reports, 0.5));
    const [before, meanwhile] = windows.map((reports) => delayPercentile(reports, 0.99)) as [number, number];
    field.record.note(
      `from change to callback of the healthy: p50 ${p50Before} ms, p99 ${before} ms before; p50 ${p50Meanwhile} ms, ` +
        `p99 ${meanwhile} ms meanwhile`,
    );
    // The clock shows whole milliseconds: one more is no growth that can be told from none.
    const growth = Math.max(0, Math.round(((meanwhile - before - 1) / before) * 100));
    const timing = { limit: GROWTH_LIMIT_PERCENT, unit: '%', isTiming: true };
    field.record.figure({ ...timing, what: 'growth of p99 of the healthy', value: growth });
    const must = { limit: 0, isTiming: false };
    const [healthy] = await field.reports();
    field.record.figure({ ...must, what: 'healthy sockets lost', value: healthy!.reconnects, unit: 'connections' });
    const unexplained = worst((round) => round.unexplained);
    field.record.figure({ ...must, what: 'ended without a reason', value: unexplained, unit: 'connections' });
  },
};

interface StallRound {
  readonly before: LoaderReport;
  readonly meanwhile: LoaderReport;
  /** Resident memory of the gateway at its highest while some stalled, above its median before. */
  readonly mostBytes: number;
  readonly unexplained: number;
}

async function stall(field: SocketField): Promise<StallRound> {
  const { fleets, signal, gateway } = field;
  const [healthy, stalled] = fleets as [(typeof fleets)[0], (typeof fleets)[0]];
  await moment(SETTLE_MS, signal);
  const evicted = () => gateway.metric('shelfline_gateway_evicted_total');
  const evictedBefore = await evicted();
  const { reconnects } = await stalled.tell({ type: 'report' });
  const memoryBefore = new MemorySamples(field);
  const before = await measure(field);
  const baseBytes = median(await memoryBefore.stop());

  const memory = new MemorySamples(field);
  await stalled.tell({ type: 'pause' });
  field.record.count('socket that stopped reading', stalled.sockets);
  const isFilled = await fill(field);
  const meanwhile = await measure(field);
  const mostBytes = Math.max(...(await memory.stop())) - baseBytes;

  const half = Math.floor(stalled.sockets / 2);
  await stalled.tell({ type: 'resume', sockets: half });
  const rest = stalled.sockets - half;
  const areEvicted = async () => (await evicted()) - evictedBefore >= rest;
  if (isFilled) await until(areEvicted, `${rest} sockets evicted`, signal, ALL_EVICTED_WITHIN_MS);
  await stalled.tell({ type: 'resume' });
  for (const fleet of [healthy, stalled]) await until(() => fleet.areAllSubscribed(), 'every socket back', signal);
  const came = (await stalled.tell({ type: 'report' })).reconnects - reconnects;
  const ended = (await evicted()) - evictedBefore;
  field.record.count('eviction', ended);
  return { before, meanwhile, mostBytes, unexplained: Math.max(0, came - ended) };
}

/** What the healthy saw within a window. */
async function measure({ fleets, signal }: SocketField): Promise<LoaderReport> {
  const [healthy] = fleets;
  await healthy!.tell({ type: 'measure' });
  await moment(WINDOW_MS, signal);
  return healthy!.tell({ type: 'report' });
}

/**
 * Sends until the gateway leaves states out for every stalled socket: what the network would take is full then.
 * Answers false where the system's buffers were not full after as much as may be sent.
 */
async function fill(field: SocketField): Promise<boolean> {
  const { changes, gateway, fleets, signal } = field;
  const leftOut = () => gateway.metric('shelfline_gateway_conflated_total');
  const enough = (await leftOut()) + fleets[1]!.sockets * FILLERS.length;
  for (let turn = 1; turn <= MOST_FILL_TURNS; turn++) {
    await changes.change(FILLERS);
    await moment(FILL_EVERY_MS, signal);
    if (turn % 8 === 0 && (await leftOut()) >= enough) return true;
  }
  field.record.note(`the system's own buffers were not full after ${MOST_FILL_TURNS} messages a socket`);
  return false;
}

/** Resident memory of the gateway, several times a second. */
class MemorySamples {
  private readonly bytes: number[] = [];
  private isOn = true;
  private readonly loop: Promise<void>;

  constructor(field: SocketField) {
    this.loop = this.sample(field);
    this.loop.catch(() => {});
  }

  async stop(): Promise<readonly number[]> {
    this.isOn = false;
    await this.loop;
    return this.bytes;
  }

  private async sample(field: SocketField): Promise<void> {
    while (this.isOn) {
      this.bytes.push(await field.residentBytes());
      await sleep(SAMPLE_EVERY_MS, undefined, { signal: field.signal });
    }
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
