import { TOPICS } from '@shelfline/contracts/topics';
import { transferView } from '@shelfline/orders/transfers/transfer-outputs';
import { partitionFor } from '@shelfline/streaming/partitioner';
import { SimulatedKafka, type SimulatedKafkaPort } from '@shelfline/streaming/testing/simulated-kafka';
import { SeededRandom } from '../seeded-random.ts';
import { CATALOG_TOPICS, createCatalogDatabase } from './catalog-process.ts';
import { type ConnectProcess, createConnectStore } from './connect-process.ts';
import { Gateways } from './gateways.ts';
import { IntakeClients } from './intake-clients.ts';
import { createLedgerDatabase, LEDGER_TOPICS } from './inventory-process.ts';
import { LevelReader, versionsOfLevels } from './level-readers.ts';
import { Losses, type LossyStream } from './losses.ts';
import { Machine } from './machine.ts';
import { createOrdersDatabase, ORDER_TOPICS } from './orders-process.ts';
import type { Plan } from './plan.ts';
import type { Fault } from './plan-faults.ts';
import type { PlannedRecord } from './planned-record.ts';
import { healthy } from './remote.ts';
import { Scheduler } from './scheduler.ts';
import {
  ANSWERED_WITHIN_MS,
  CATALOG_SLOTS,
  FIRST_ORDERS_SLOT,
  LATEST_END_MS,
  MORE_REST_MS,
  ORDERS_SLOTS,
  PARTITIONS,
  READERS,
  REST_MS,
  SESSION_TIMEOUT_MS,
  SLOTS,
  START_MS,
  TROUBLE_MS,
} from './setting.ts';
import { ShopsAndStores } from './shops-and-stores.ts';
import { launch, serviceOf, withArticle } from './slots.ts';
import type { Strike, Struck } from './strikes.ts';
import { connectTo, type RunningProcess } from './surroundings.ts';
import { compact, retainApplied, setOffsets } from './topic-faults.ts';
import { Trace } from './trace.ts';
import { TransferHands } from './transfer-hands.ts';

const HOUR_MS = 3_600_000;
const SEND_AGAIN_MS = 40;
const START_AGAIN_MS = 200;

export interface HistoryOptions {
  /** Whether its steps are to be read by somebody: they are many. */
  readonly readsTrace: boolean;
}

/** One history: processes, servers, records and faults of a plan, from the first moment until all has come to rest. */
export class History {
  readonly scheduler = new Scheduler(START_MS);
  readonly kafka = new SimulatedKafka(this.scheduler);
  readonly ledger = createLedgerDatabase();
  readonly catalog = createCatalogDatabase();
  readonly orders = createOrdersDatabase(this.ledger);
  /** Absent where no process of orders runs. */
  readonly shops: ShopsAndStores | undefined;
  readonly hands: TransferHands | undefined;
  readonly gateways: Gateways;
  /** How often each kind of fault has struck. */
  readonly strikes = new Map<Strike, number>();
  readonly struck: Struck = (kind) => void this.strikes.set(kind, (this.strikes.get(kind) ?? 0) + 1);
  readonly connectStore = createConnectStore(this.scheduler, this.struck);
  readonly clients = new IntakeClients({
    scheduler: this.scheduler,
    find: (instance) => this.running[SLOTS + CATALOG_SLOTS + instance] as ConnectProcess | undefined,
    struck: this.struck,
  });
  readonly readers: LevelReader[] = [];
  readonly losses = new Losses(
    this.scheduler,
    this.kafka,
    new Map<string, LossyStream>([
      [TOPICS.deltas.name, this.ledger.database],
      [TOPICS.catalogChanges.name, this.catalog.database],
    ]),
    this.struck,
  );
  /** Why processes ended by themselves: none should. */
  readonly deaths: string[] = [];
  readonly trace: Trace;
  private readonly random: SeededRandom;
  private readonly databaseHealth = healthy();
  private readonly brokerHealth = healthy();
  private readonly diskHealth = healthy();
  private readonly running: (RunningProcess | undefined)[] = [];
  private machines = 0;

  readonly plan: Plan;

  constructor(plan: Plan, { readsTrace }: HistoryOptions) {
    this.plan = plan;
    this.trace = new Trace(readsTrace);
    this.random = new SeededRandom(plan.seed + 1);
    for (const { name } of [...LEDGER_TOPICS, ...CATALOG_TOPICS, ...ORDER_TOPICS])
      this.kafka.createTopic(name, PARTITIONS);
    this.gateways = new Gateways({
      struck: this.struck,
      scheduler: this.scheduler,
      machineOf: (name) => this.machine(name),
      portOf: (machine, waits) => this.connect(machine, this.note, waits),
      onFatal: (machine, error) => this.deaths.push(`${machine.name}: ${error.message}`),
    });
    if (plan.orders) {
      const { scheduler, kafka, struck } = this;
      const port = this.connect(this.machine('shops'), () => {});
      const outside = { scheduler, kafka, port, struck, seed: plan.seed };
      this.shops = new ShopsAndStores(outside);
      const { transfers } = this.orders.transfers.repository;
      this.hands = new TransferHands(outside, (id) => {
        const transfer = transfers.get(id);
        return transfer && transferView(transfer);
      });
    }
  }

  async run(): Promise<void> {
    const { scheduler, plan } = this;
    const slots = FIRST_ORDERS_SLOT + (plan.orders ? ORDERS_SLOTS : 0);
    for (let slot = 0; slot < slots; slot++) void this.start(slot);
    this.gateways.start();
    for (let i = 0; i < READERS; i++) this.readers.push(this.reader());
    this.load(plan.records);
    this.clients.load(plan.requests, plan.uploads);
    if (plan.orders) this.shops?.load(plan.orders);
    this.hands?.load(plan.transfers ?? []);
    for (const fault of plan.faults) scheduler.at(START_MS + fault.atMs, () => void this.strike(fault));
    await scheduler.run(START_MS + TROUBLE_MS);
    Object.assign(this.databaseHealth, healthy());
    Object.assign(this.brokerHealth, healthy());
    Object.assign(this.diskHealth, healthy());
    let endMs = START_MS + TROUBLE_MS + REST_MS;
    await scheduler.run(endMs);
    // Whoever was frozen long, or ends a hold late, has changes that are gathered still: documents are what is judged.
    for (; this.isAtWork && endMs < LATEST_END_MS; endMs += MORE_REST_MS) await scheduler.run(endMs + MORE_REST_MS);
    await this.askAtRest(endMs);
  }

  private get isAtWork(): boolean {
    return this.ledger.database.images.size > 0 || this.hands?.isBusy === true;
  }

  /** What is brought back from an exchange may still change a level after that, and then it was no rest. */
  private async askAtRest(fromMs: number): Promise<void> {
    let before: string;
    let endMs = fromMs;
    do {
      before = versionsOfLevels(this.ledger);
      for (const reader of this.readers) reader.askAtRest();
      await this.scheduler.run((endMs += ANSWERED_WITHIN_MS));
    } while ((versionsOfLevels(this.ledger) !== before || this.isAtWork) && endMs < LATEST_END_MS);
  }

  private note = (what: string): void => this.trace.note(`${this.scheduler.now() - START_MS} ${what}`);

  private reader(): LevelReader {
    const { ledger, databaseHealth: health, struck } = this;
    const machine = this.machine('reader');
    const random = this.random.fork();
    const reader = new LevelReader(ledger, { server: 'database', machine, random, health, trace: () => {}, struck });
    reader.start();
    return reader;
  }

  private machine(name: string): Machine {
    const skewMs = this.random.chance(0.3) ? (this.random.next() * 2 - 1) * 24 * HOUR_MS : 0;
    if (Math.abs(skewMs) > HOUR_MS) this.struck('process has a clock that is hours wrong');
    return new Machine(`${name}#${++this.machines}`, this.scheduler, this.random.fork(), skewMs);
  }

  private async start(slot: number): Promise<void> {
    const machine = this.machine(`${serviceOf(slot)}-${slot}`);
    const { scheduler, kafka, databaseHealth, brokerHealth, diskHealth, note: trace, struck } = this;
    const random = this.random.fork();
    const port = connectTo(kafka, { machine, random, brokerHealth, trace, struck });
    // Also of one that ends while it starts, the coordinator must find out.
    const end = (): void => {
      machine.kill();
      scheduler.at(scheduler.now() + SESSION_TIMEOUT_MS, () => port.kill());
    };
    const onFatal = (error: Error): void => {
      trace(`${machine.name} ends: ${error.message}`);
      const death = `${machine.name}: ${error.message}`;
      if (!this.losses.isSaid(death)) this.deaths.push(death);
      end();
      this.startAgain(slot, START_AGAIN_MS);
    };
    const surroundings = { machine, random, port, databaseHealth, brokerHealth, diskHealth, trace, struck, onFatal };
    try {
      this.running[slot] = await launch(slot, surroundings, this);
    } catch (error) {
      trace(`${machine.name} cannot start: ${(error as Error).message}`);
      end();
      this.startAgain(slot, START_AGAIN_MS);
    }
  }

  private startAgain(slot: number, downMs: number): void {
    this.running[slot] = undefined;
    this.scheduler.at(this.scheduler.now() + downMs, () => void this.start(slot));
  }

  private connect(machine: Machine, trace: (what: string) => void, waits?: () => Promise<void>): SimulatedKafkaPort {
    const { random, brokerHealth, kafka, struck } = this;
    return connectTo(kafka, { machine, random: random.fork(), brokerHealth, trace, struck }, waits);
  }

  /** A source that sends again whatever it got no answer to. */
  private load(records: readonly PlannedRecord[]): void {
    const port = this.connect(this.machine('source'), () => {});
    const send = async ({ topic, key, value, misplaced, partition: told }: PlannedRecord) => {
      const own = told ?? partitionFor(key, PARTITIONS);
      const partition = misplaced ? (own + 1) % PARTITIONS : own;
      const attempt = () =>
        port.send(topic ?? TOPICS.deltas.name, partition, [{ key, value }]).then(
          () => true,
          () => false,
        );
      while (!(await attempt())) await this.scheduler.sleep(SEND_AGAIN_MS);
    };
    for (const record of records) this.scheduler.at(START_MS + record.atMs, () => void send(record));
  }

  private async strike(fault: Fault): Promise<void> {
    const { scheduler } = this;
    this.note(`fault ${JSON.stringify(fault)}`);
    switch (fault.kind) {
      case 'kill':
        return this.kill(fault.slot, fault.downMs);
      case 'freeze':
        return this.freeze(fault.slot, fault.forMs);
      case 'restart':
        return this.restart(fault.slot, fault.downMs);
      case 'expel':
        return this.expel(this.running[fault.slot]);
      case 'cramped':
        this.databaseHealth.cramping = fault.cramping;
        await scheduler.sleep(fault.forMs);
        this.databaseHealth.cramping = 0;
        return;
      case 'images':
        Object.assign(this.databaseHealth, { tearing: fault.tearing, slowness: fault.slowness });
        await scheduler.sleep(fault.forMs);
        Object.assign(this.databaseHealth, { tearing: 0, slowness: 1 });
        return;
      case 'database':
      case 'broker': {
        const health = fault.kind === 'database' ? this.databaseHealth : this.brokerHealth;
        const { failing, losingAnswers, aborting, slowness } = fault;
        Object.assign(health, { failing, losingAnswers, aborting, slowness });
        await scheduler.sleep(fault.forMs);
        Object.assign(health, healthy());
        return;
      }
      case 'disk': {
        const { failing, losingAnswers, tearing, slowness } = fault;
        Object.assign(this.diskHealth, { failing, losingAnswers, tearing, slowness });
        await scheduler.sleep(fault.forMs);
        Object.assign(this.diskHealth, healthy());
        return;
      }
      case 'retention':
        return retainApplied(this);
      case 'lost-head':
        await this.losses.strike(fault.topic, fault.partition, fault.part);
        return;
      case 'compaction':
        return compact(this, fault.topic, fault.part);
      case 'offsets':
        return setOffsets(this, fault.part);
      case 'gateway-kill':
      case 'gateway-lag':
      case 'roam':
      case 'screen-stall':
        this.gateways.strike(fault);
    }
  }

  private kill(slot: number, downMs: number): void {
    const process = this.running[slot];
    if (!process) return;
    this.struck(`process of ${withArticle(slot)} is killed`);
    process.machine.kill();
    // The coordinator finds out when the session's time is over.
    this.scheduler.at(this.scheduler.now() + SESSION_TIMEOUT_MS, () => process.port.kill());
    this.startAgain(slot, downMs);
  }

  private freeze(slot: number, forMs: number): void {
    const process = this.running[slot];
    if (!process) return;
    this.struck(`process of ${withArticle(slot)} stands still`);
    process.machine.freeze(this.scheduler.now() + forMs);
    if (forMs <= SESSION_TIMEOUT_MS) return;
    const wakes = () => process.machine.isAlive && this.struck('zombie wakes after its time was over');
    this.scheduler.at(this.scheduler.now() + forMs, wakes);
    this.scheduler.at(this.scheduler.now() + SESSION_TIMEOUT_MS, () => this.expel(process));
  }

  private async restart(slot: number, downMs: number): Promise<void> {
    const process = this.running[slot];
    if (!process) return;
    this.struck('process is restarted in order');
    this.running[slot] = undefined;
    await process.stop();
    process.machine.kill();
    if (!this.running[slot]) this.startAgain(slot, downMs);
  }

  private expel(process: RunningProcess | undefined): void {
    for (const member of process?.port.members ?? []) {
      if (!member.isMember()) continue;
      this.struck('member is forgotten by the coordinator');
      member.forgotten();
    }
  }
}
