// Product pages: each socket watches some of many SKUs, and no two sockets the same ones, so no message is for two.
import { pause, say, until } from '../rig.ts';
import { byPartition, type Contestant, PARTITIONS } from './contestants.ts';
import { skuNames, watchedBy } from './messages.ts';
import { Loader } from './processes.ts';
import { IDLE_MS, type Load } from './rooms.ts';

export const PAGE_SKUS = 2000;
export const SKUS_PER_PAGE = 40;
export const PAGE_CHANGES_PER_SECOND = 2000;
/** The gateway's own default. */
export const PAGE_TICK_MS = 50;
const WARM_UP_MS = 3000;
const STEPS_PER_TICK = PARTITIONS;
/**
 * A server that cannot keep up is offered no more than it manages, so that none is measured drowning: this many
 * changes, four ticks of them, are on their way at most.
 */
const CHANGES_UNDER_WAY = (4 * PAGE_CHANGES_PER_SECOND * PAGE_TICK_MS) / 1000;
const TIME_EVERY = 16;

export interface PageMeasured {
  readonly updatesPerSecond: number;
  readonly updatesPerCpuSecond: number;
  readonly updatesPerMessage: number;
  readonly changesPerSecond: number;
  readonly kbPerSocket: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly versionsBack: number;
}

const skus = skuNames(PAGE_SKUS);

/** The same order in each run; neighbours in it share no sockets by design. */
function shuffled(names: readonly string[]): string[] {
  const order = [...names];
  let state = 1;
  for (let i = order.length - 1; i > 0; i--) {
    state = (state * 48_271) % 2_147_483_647;
    const j = state % (i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** Each SKU changes once a second; a step has the changes of one partition, as one commit of the ledger has. */
class Changes {
  private readonly partitions = byPartition(shuffled(skus));
  private readonly watchers = new Map<string, number>(skus.map((sku) => [sku, 0]));
  private step = 0;

  constructor(sockets: number) {
    for (let index = 0; index < sockets; index++)
      for (const sku of watchedBy(index, skus, SKUS_PER_PAGE)) this.watchers.set(sku, this.watchers.get(sku)! + 1);
  }
  next(): readonly string[] {
    const mine = this.partitions[this.step % PARTITIONS]!;
    const turnsPerSecond = 1000 / PAGE_TICK_MS;
    const turn = Math.floor(this.step / PARTITIONS) % turnsPerSecond;
    this.step++;
    return mine.slice((mine.length * turn) / turnsPerSecond, (mine.length * (turn + 1)) / turnsPerSecond);
  }
  updatesOf(changed: readonly string[]): number {
    return changed.reduce((sum, sku) => sum + this.watchers.get(sku)!, 0);
  }
}

interface Offered {
  readonly changes: number;
  readonly updates: number;
  readonly elapsedMs: number;
}

/** Offers changes at their rate, and returns once all their updates have arrived. */
async function offer(contestant: Contestant, loader: Loader, changes: Changes, load: Load): Promise<Offered> {
  const perChange = (load.sockets * SKUS_PER_PAGE) / PAGE_SKUS;
  let [updates, arrived, changed] = [0, 0, 0];
  loader.reset({ timeEvery: TIME_EVERY });
  loader.onProgress = (total) => {
    arrived = total;
  };
  const startedMs = performance.now();
  let dueMs = startedMs;
  while (dueMs < startedMs + load.durationMs) {
    const nowMs = performance.now();
    if (updates - arrived > CHANGES_UNDER_WAY * perChange) dueMs = Math.max(dueMs, nowMs);
    else if (dueMs <= nowMs) {
      const next = changes.next();
      contestant.change(next);
      changed += next.length;
      updates += changes.updatesOf(next);
      dueMs += PAGE_TICK_MS / STEPS_PER_TICK;
      continue;
    }
    await pause(Math.max(1, dueMs - nowMs));
  }
  await until(async () => (await loader.report()).updates >= updates, 'every update arrives', 20_000);
  return { changes: changed, updates, elapsedMs: performance.now() - startedMs };
}

export async function measurePage(contestant: Contestant, load: Load): Promise<PageMeasured> {
  const { name, server, protocol, token } = contestant;
  const { sockets } = load;
  const changes = new Changes(sockets);
  const loader = new Loader();
  try {
    await pause(IDLE_MS);
    const idle = await server.usage();
    const tellEvery = (10 * sockets * SKUS_PER_PAGE) / PAGE_SKUS;
    await loader.connect({
      port: server.port,
      protocol,
      token,
      sockets,
      skus,
      skusPerSocket: SKUS_PER_PAGE,
      tellEvery,
    });
    await pause(IDLE_MS);
    const connected = await server.usage();
    await offer(contestant, loader, changes, { sockets, durationMs: WARM_UP_MS });
    const before = await server.usage();
    const offered = await offer(contestant, loader, changes, load);
    const [after, report] = await Promise.all([server.usage(), loader.report()]);
    if (report.lost > 0) throw new Error(`${name}: ${report.lost} sockets were lost`);
    if (report.updates !== offered.updates)
      throw new Error(`${name}: ${offered.updates} updates were due, ${report.updates} arrived`);
    const measured = {
      updatesPerSecond: Math.round((report.updates / offered.elapsedMs) * 1000),
      updatesPerCpuSecond: Math.round(report.updates / (after.cpuSeconds - before.cpuSeconds)),
      updatesPerMessage: Math.round((report.updates / report.messages) * 100) / 100,
      changesPerSecond: Math.round((offered.changes / offered.elapsedMs) * 1000),
      kbPerSocket: Math.round(((connected.rssBytes - idle.rssBytes) / sockets / 1024) * 10) / 10,
      p50Ms: report.p50Ms,
      p99Ms: report.p99Ms,
      versionsBack: report.backwards,
    };
    say(`page ${sockets} ${name.padEnd(22)} ${JSON.stringify(measured)}`);
    return measured;
  } finally {
    await loader.stop();
  }
}
