import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runDemoStaff } from './demo-staff.js';
import { DERIVED_CHANNELS, DERIVED_ORGANISATIONS } from './derived-network.js';
import { busiestStore } from './derived-orders.js';
import { openingStock, planSales, type SalesPlan } from './derived-stock.js';
import type { FrontDoor } from './front-door.js';
import { loadCatalogue, networkOf, readSampleProducts } from './load-catalogue.js';
import type { LaunchOptions } from './options.js';
import { pause } from './pause.js';
import type { Progress, Screen } from './progress.js';
import { identityOf, postDeltas, type ReplayReport, readProgress, replay, untilApplied } from './replay.js';
import { readTillLines } from './till-lines.js';
import { describeEnd, describeOrders, describeTotals, grouped, replayedOf, type Totals, totalsOf } from './totals.js';
import { type Shelf, whatNext, whereOrdersGo } from './what-next.js';

export interface SampleRun {
  readonly door: FrontDoor;
  readonly options: LaunchOptions;
  readonly dataFolder: string;
  readonly checkout: string;
  readonly screen: Screen;
  readonly signal: AbortSignal;
}

const OTHER_ENTITIES = DERIVED_CHANNELS.length + DERIVED_ORGANISATIONS.length;
const PER_REQUEST = 2000;
/** Enough to have some in every partition. */
const LAST_OF_OPENING = 200;

/** Catalogue, opening stock, then the tills; every part goes on where an earlier start left it. */
export async function runSample(run: SampleRun): Promise<void> {
  const { door, options, checkout, dataFolder, screen } = run;
  if (options.replay === 'none') {
    screen.say('nothing is replayed (--replay none): stock moves when you send deltas, as the README shows');
    return;
  }
  const file = options.replay === 'sample' ? join(checkout, 'test/data/pos-lines-2017-w01-w08.csv.gz') : options.replay;
  const products = join(checkout, 'test/data/products.csv.gz');
  const progress = readProgress(dataFolder, file, options.onlinePercent);
  if (progress?.done) {
    screen.say(`an earlier start replayed all of ${file}; its stock is kept`);
    staffStores(run);
    screen.say(whatNext(door.address).join('\n'));
    return;
  }
  screen.say(`reading ${file}`);
  const plan = await planSales(readTillLines(file), options.onlinePercent);
  const totals = totalsOf(plan);
  for (const line of describeTotals(totals)) screen.say(line);
  if (totals.sales === 0)
    throw new Error(`${file} holds no till line that can be used, so there is nothing to replay.`);
  if (progress)
    screen.say(`an earlier start sent ${grouped(progress.sent)} of the sales and deliveries; going on there`);
  await loadOnce(run, file, plan, products);
  staffStores(run);
  for (const line of whereOrdersGo(door.address, busiestStore(plan.online.values()))) screen.say(line);
  await replayTills(run, file, plan, totals);
}

/** Beside everything else, until the end. */
function staffStores({ door, options, signal, screen }: SampleRun): void {
  if (!options.hasStaff) return;
  screen.say('a demo staff works off the orders of every store and warehouse that no store page is open for');
  void runDemoStaff(door, signal, (delayMs) => pause(delayMs, signal));
}

/** Repeating any of this changes nothing; the mark only saves the time. */
async function loadOnce(run: SampleRun, file: string, plan: SalesPlan, products: string): Promise<void> {
  const { door, dataFolder, screen } = run;
  const mark = join(dataFolder, 'loaded');
  if (existsSync(mark) && readProgress(dataFolder, file, run.options.onlinePercent)) return;
  const entities = {
    products: await readSampleProducts(products, plan.productIds),
    locations: networkOf(plan.storeIds),
  };
  let done = 0;
  const catalogue = screen.begin(
    'catalogue sent',
    entities.products.length + entities.locations.length + OTHER_ENTITIES,
  );
  await loadCatalogue(door, entities, (count) => catalogue.update((done += count)));
  catalogue.end();
  const facts = openingStock(plan);
  const opening = screen.begin('opening stock sent', facts.length);
  for (let i = 0; i < facts.length; i += PER_REQUEST) {
    await postDeltas(door, facts.slice(i, i + PER_REQUEST));
    opening.update(Math.min(facts.length, i + PER_REQUEST));
  }
  opening.end();
  await showLedger(run, 'opening stock in the ledger', facts.length, facts.slice(-LAST_OF_OPENING));
  writeFileSync(mark, identityOf(file));
}

/** What was sent is in Kafka; the ledger may be minutes behind when it was sent at full speed. */
async function showLedger(
  { door, screen, signal }: SampleRun,
  label: string,
  sent: number,
  last: ReplayReport['last'],
): Promise<void> {
  let bar: Progress | undefined;
  await untilApplied(door, last, signal, (lagRecords) => {
    if (lagRecords === 0) return;
    bar ??= screen.begin(label, sent);
    // What others send is on the topic too, and so is the time, a record a second.
    bar.update(Math.max(0, sent - lagRecords));
  });
  bar?.end(!signal.aborted);
}

async function replayTills(run: SampleRun, file: string, plan: SalesPlan, totals: Totals): Promise<void> {
  const { door, options, dataFolder, screen, signal } = run;
  const deltas = replayedOf(totals);
  const bar = screen.begin('sales, deliveries and orders sent', deltas);
  const startedMs = Date.now();
  const endMs = lastMomentMs(plan);
  const report = await replay({
    door,
    file,
    plan,
    speed: options.speed,
    onlinePercent: options.onlinePercent,
    dataFolder,
    signal,
    onProgress: (sent, atMs) => {
      // Tills sell little at night: what is left depends on their time, not on the last seconds' rate.
      const left = options.speed === Number.POSITIVE_INFINITY ? undefined : (endMs - atMs) / 1000 / options.speed;
      bar.update(sent, new Date(atMs).toISOString().slice(0, 16), left);
    },
  });
  bar.end(!signal.aborted);
  if (signal.aborted) return;
  await showLedger(run, 'sales and deliveries in the ledger', deltas, report.last);
  if (signal.aborted) return;
  screen.say(describeEnd(totals, report.rejected, Math.max(1, Math.round((Date.now() - startedMs) / 1000))));
  for (const line of describeOrders(report.orders)) screen.say(line);
  screen.say(whatNext(door.address, fullestShelf(plan)).join('\n'));
}

const lastMomentMs = ({ firstDayMs, days }: SalesPlan): number => firstDayMs + days * 24 * 60 * 60 * 1000;

/** Where one more sale changes what the page shows: warehouses count whole, the fullest of them most surely. */
function fullestShelf(plan: SalesPlan): Shelf | undefined {
  const inWarehouse = ({ location }: Shelf) => Number(location === 'dc-online');
  return openingStock(plan).sort((a, b) => inWarehouse(b) - inWarehouse(a) || b.quantity - a.quantity)[0];
}
