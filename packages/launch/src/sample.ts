import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openingStock, planSales, type SalesPlan } from './derived-stock.js';
import type { FrontDoor } from './front-door.js';
import { loadCatalogue, networkOf, readSampleProducts } from './load-catalogue.js';
import type { LaunchOptions } from './options.js';
import type { Progress, Screen } from './progress.js';
import {
  countDeltas,
  identityOf,
  postDeltas,
  type ReplayReport,
  readProgress,
  replay,
  untilApplied,
} from './replay.js';
import { readTillLines } from './till-lines.js';

export interface SampleRun {
  readonly door: FrontDoor;
  readonly options: LaunchOptions;
  readonly dataFolder: string;
  readonly checkout: string;
  readonly screen: Screen;
  readonly signal: AbortSignal;
}

const PER_REQUEST = 2000;
/** Enough to have some in every partition. */
const LAST_OF_OPENING = 200;

/** Catalogue, opening stock, then the tills; every part goes on where an earlier start left it. */
export async function runSample(run: SampleRun): Promise<void> {
  const { options, checkout, dataFolder, screen } = run;
  if (options.replay === 'none') {
    screen.say('nothing is replayed (--replay none): stock moves when you send deltas');
    return;
  }
  const file = options.replay === 'sample' ? join(checkout, 'test/data/pos-lines-2017-w01-w08.csv.gz') : options.replay;
  const products = join(checkout, 'test/data/products.csv.gz');
  const progress = readProgress(dataFolder, file);
  if (progress?.done) {
    screen.say(`the replay of ${file} was finished by an earlier start; begin anew with --fresh`);
    return;
  }
  screen.say(`reading ${file}`);
  const plan = await planSales(readTillLines(file));
  if (plan.lines === 0) throw new Error(`${file} holds no till lines.`);
  if (plan.unusable > 0)
    screen.say(`${plan.unusable} of ${plan.lines} lines have quantity 0 or cannot be read; they are left out`);
  await loadOnce(run, file, plan, products);
  await replayTills(run, file, plan);
}

/** Repeating any of this changes nothing; the mark only saves the time. */
async function loadOnce(run: SampleRun, file: string, plan: SalesPlan, products: string): Promise<void> {
  const { door, dataFolder, screen } = run;
  const mark = join(dataFolder, 'loaded');
  if (existsSync(mark) && readProgress(dataFolder, file)) return;
  const entities = {
    products: await readSampleProducts(products, plan.productIds),
    locations: networkOf(plan.storeIds),
  };
  let done = 0;
  const catalogue = screen.begin('catalogue', entities.products.length + entities.locations.length + 2);
  await loadCatalogue(door, entities, (count) => catalogue.update((done += count)));
  catalogue.end();
  const facts = openingStock(plan);
  const opening = screen.begin('opening stock (derived from the tills’ own sales)', facts.length);
  for (let i = 0; i < facts.length; i += PER_REQUEST) {
    await postDeltas(door, facts.slice(i, i + PER_REQUEST));
    opening.update(Math.min(facts.length, i + PER_REQUEST));
  }
  opening.end();
  await showLedger(
    run,
    'the ledger applies the opening stock (the tills begin after it)',
    facts.slice(-LAST_OF_OPENING),
  );
  writeFileSync(mark, identityOf(file));
}

/** What was sent is in Kafka; the ledger may be minutes behind when it was sent at full speed. */
async function showLedger(
  { door, screen, signal }: SampleRun,
  label: string,
  last: ReplayReport['last'],
): Promise<void> {
  let bar: Progress | undefined;
  let total = 0;
  await untilApplied(door, last, signal, (lagRecords) => {
    // What a partition has left is known by its newest batch, so the sum may still grow.
    total = Math.max(total, lagRecords);
    if (total === 0) return;
    bar ??= screen.begin(label, total);
    bar.setTotal(total);
    bar.update(total - lagRecords);
  });
  bar?.end();
}

async function replayTills(run: SampleRun, file: string, plan: SalesPlan): Promise<void> {
  const { door, options, dataFolder, screen, signal } = run;
  const bar = screen.begin('till lines and deliveries', countDeltas(plan));
  const startedMs = Date.now();
  const report = await replay({
    door,
    file,
    plan,
    speed: options.speed,
    dataFolder,
    signal,
    onProgress: (sent, atMs) => bar.update(sent, new Date(atMs).toISOString().slice(0, 16)),
  });
  bar.end();
  if (signal.aborted) return;
  await showLedger(run, 'all are sent; the ledger applies them', report.last);
  if (signal.aborted) return;
  const seconds = Math.max(1, Math.round((Date.now() - startedMs) / 1000));
  screen.say(
    `the replay is done: ${report.sent} deltas in ${seconds} s, ${report.rejected} refused; ${plan.unusable} lines left out. The page goes on showing live stock; Ctrl-C stops.`,
  );
}
