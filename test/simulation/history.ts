import { createHash } from 'node:crypto';
import { TOPICS } from '@shelfline/contracts/topics';
import { partitionFor } from '@shelfline/streaming/partitioner';
import { SimulatedKafka } from '@shelfline/streaming/testing/simulated-kafka';
import { SeededRandom } from '../seeded-random.ts';
import { connectTo, createLedgerDatabase, type InventoryProcess, startInventory } from './inventory-process.ts';
import { Machine } from './machine.ts';
import {
  type Fault,
  PARTITIONS,
  type Plan,
  type PlannedRecord,
  REST_MS,
  SCREENS,
  SESSION_TIMEOUT_MS,
  SLOTS,
  START_MS,
  TROUBLE_MS,
} from './plan.ts';
import { healthy } from './remote.ts';
import { Scheduler } from './scheduler.ts';
import { Screen, startStorefront } from './storefront-process.ts';

const ALL_TOPICS = [
  TOPICS.deltas,
  TOPICS.levels,
  TOPICS.availability,
  TOPICS.movements,
  TOPICS.outcomes,
  TOPICS.feeds,
  TOPICS.risks,
  TOPICS.deadLetters,
];
const HOUR_MS = 3_600_000;
const SEND_AGAIN_MS = 40;
const START_AGAIN_MS = 200;
/** Some traces are asked for in full; of every one the hash is kept. */
const KEPT_LINES = 100_000;

/** One history: processes, servers, records and faults of a plan, from the first moment until all has come to rest. */
export class History {
  readonly scheduler = new Scheduler(START_MS);
  readonly kafka = new SimulatedKafka(this.scheduler);
  readonly ledger = createLedgerDatabase();
  readonly screens = Array.from({ length: SCREENS }, (_, i) => new Screen(`screen ${i + 1}`));
  /** Why processes ended by themselves: none should. */
  readonly deaths: string[] = [];
  readonly trace: string[] = [];
  private readonly hash = createHash('sha1');
  private readonly random: SeededRandom;
  private readonly databaseHealth = healthy();
  private readonly brokerHealth = healthy();
  private readonly running: (InventoryProcess | undefined)[] = [];
  private gateway: Machine | undefined;
  private machines = 0;

  private readonly plan: Plan;

  constructor(plan: Plan) {
    this.plan = plan;
    this.random = new SeededRandom(plan.seed + 1);
    for (const { name } of ALL_TOPICS) this.kafka.createTopic(name, PARTITIONS);
  }

  /** The same for the same plan, whatever else runs on this computer. */
  get traceHash(): string {
    return this.hash.copy().digest('hex');
  }

  async run(): Promise<void> {
    const { scheduler, plan } = this;
    for (let slot = 0; slot < SLOTS; slot++) void this.start(slot);
    void this.startGateway();
    this.load(plan.records);
    for (const fault of plan.faults) scheduler.at(START_MS + fault.atMs, () => void this.strike(fault));
    await scheduler.run(START_MS + TROUBLE_MS);
    Object.assign(this.databaseHealth, healthy());
    Object.assign(this.brokerHealth, healthy());
    await scheduler.run(START_MS + TROUBLE_MS + REST_MS);
  }

  private note = (what: string): void => {
    const line = `${this.scheduler.now() - START_MS} ${what}`;
    this.hash.update(line);
    if (this.trace.length < KEPT_LINES) this.trace.push(line);
  };

  private machine(name: string): Machine {
    const skewMs = this.random.chance(0.3) ? (this.random.next() * 2 - 1) * 24 * HOUR_MS : 0;
    return new Machine(`${name}#${++this.machines}`, this.scheduler, this.random.fork(), skewMs);
  }

  private async start(slot: number): Promise<void> {
    const machine = this.machine(`inventory-${slot}`);
    const { scheduler, kafka, ledger, databaseHealth, brokerHealth, note: trace } = this;
    const random = this.random.fork();
    const onFatal = (error: Error): void => {
      trace(`${machine.name} ends: ${error.message}`);
      this.deaths.push(`${machine.name}: ${error.message}`);
      const dead = this.running[slot];
      machine.kill();
      scheduler.at(scheduler.now() + SESSION_TIMEOUT_MS, () => dead?.port.kill());
      this.startAgain(slot, START_AGAIN_MS);
    };
    const surroundings = { machine, random, kafka, ledger, databaseHealth, brokerHealth, trace, onFatal };
    try {
      this.running[slot] = await startInventory(surroundings);
    } catch (error) {
      trace(`${machine.name} cannot start: ${(error as Error).message}`);
      machine.kill();
      this.startAgain(slot, START_AGAIN_MS);
    }
  }

  private startAgain(slot: number, downMs: number): void {
    this.running[slot] = undefined;
    this.scheduler.at(this.scheduler.now() + downMs, () => void this.start(slot));
  }

  private async startGateway(): Promise<void> {
    this.gateway?.kill();
    const machine = this.machine('gateway');
    this.gateway = machine;
    const { random, brokerHealth, note: trace } = this;
    const onFatal = (error: Error): void => {
      this.deaths.push(`${machine.name}: ${error.message}`);
    };
    const port = connectTo(this.kafka, { machine, random: random.fork(), brokerHealth, trace });
    try {
      const { connect } = await startStorefront(machine, port, onFatal);
      for (const screen of this.screens) void connect(screen);
    } catch {
      machine.kill();
      this.scheduler.at(this.scheduler.now() + START_AGAIN_MS, () => void this.startGateway());
    }
  }

  /** A source that sends again whatever it got no answer to. */
  private load(records: readonly PlannedRecord[]): void {
    const machine = this.machine('source');
    const { random, brokerHealth } = this;
    const port = connectTo(this.kafka, { machine, random: random.fork(), brokerHealth, trace: () => {} });
    const send = async (key: string, value: string, misplaced: boolean): Promise<void> => {
      const own = partitionFor(key, PARTITIONS);
      const partition = misplaced ? (own + 1) % PARTITIONS : own;
      const attempt = () =>
        port.send(TOPICS.deltas.name, partition, [{ key, value }]).then(
          () => true,
          () => false,
        );
      while (!(await attempt())) await this.scheduler.sleep(SEND_AGAIN_MS);
    };
    for (const { atMs, key, value, misplaced } of records)
      this.scheduler.at(START_MS + atMs, () => void send(key, value, misplaced));
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
      case 'database':
      case 'broker': {
        const health = fault.kind === 'database' ? this.databaseHealth : this.brokerHealth;
        const { failing, losingAnswers, aborting, slowness } = fault;
        Object.assign(health, { failing, losingAnswers, aborting, slowness });
        await scheduler.sleep(fault.forMs);
        Object.assign(health, healthy());
        return;
      }
      case 'retention':
        for (const [partition, { published }] of this.ledger.database.checkpoints)
          if (published > 0) this.kafka.logsOf(TOPICS.deltas.name)[partition]!.deleteBefore(published);
        return;
      case 'offsets': {
        const { committed } = this.kafka.groupOf('inventory', TOPICS.deltas.name);
        for (const [partition, { end }] of this.kafka.logsOf(TOPICS.deltas.name).entries())
          committed.set(partition, Math.floor(end * fault.part));
        return;
      }
      case 'gateway-kill':
        this.gateway?.kill();
        scheduler.at(scheduler.now() + fault.downMs, () => void this.startGateway());
        return;
      case 'screen-stall':
        this.screens[fault.screen]!.stall(scheduler.now() + fault.forMs);
        return;
    }
  }

  private kill(slot: number, downMs: number): void {
    const process = this.running[slot];
    if (!process) return;
    process.machine.kill();
    // The coordinator finds out when the session's time is over.
    this.scheduler.at(this.scheduler.now() + SESSION_TIMEOUT_MS, () => process.port.kill());
    this.startAgain(slot, downMs);
  }

  private freeze(slot: number, forMs: number): void {
    const process = this.running[slot];
    if (!process) return;
    process.machine.freeze(this.scheduler.now() + forMs);
    if (forMs > SESSION_TIMEOUT_MS)
      this.scheduler.at(this.scheduler.now() + SESSION_TIMEOUT_MS, () => this.expel(process));
  }

  private async restart(slot: number, downMs: number): Promise<void> {
    const process = this.running[slot];
    if (!process) return;
    this.running[slot] = undefined;
    await process.runner.stop();
    process.machine.kill();
    if (!this.running[slot]) this.startAgain(slot, downMs);
  }

  private expel(process: InventoryProcess | undefined): void {
    const { group } = this.kafka.groupOf('inventory', TOPICS.deltas.name);
    for (const member of process?.port.members ?? []) if (member.isMember()) group.expel(member);
  }
}
