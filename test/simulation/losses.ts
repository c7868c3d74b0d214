import { acceptedCheckpoint, findLoss } from '@shelfline/streaming/accept-loss';
import type { SimulatedKafka } from '@shelfline/streaming/testing/simulated-kafka';
import type { SimulatedDatabase } from '@shelfline/streaming/testing/simulated-store';
import type { Scheduler } from './scheduler.ts';
import type { Struck } from './strikes.ts';

/** What a topic lost before it was applied, as far as anybody could know. */
interface LostHead {
  readonly topic: string;
  readonly partition: number;
  /** Records below this offset are gone. */
  readonly to: number;
}
export interface AcceptedLoss extends LostHead {
  readonly from: number;
}
export type LossyStream = Pick<SimulatedDatabase<never>, 'checkpoints'>;

const BACKLOG_WITHIN_MS = 3000;
const LOOK_EVERY_MS = 5;
/** So long people need to read the alarm and to decide. */
const ACCEPTED_AFTER_MS = 1200;
const IS_LOSS = /^\S+: (\S+)\/(\d+): records (\d+) to (\d+) are gone from Kafka and were never applied/;

const isSame = (a: LostHead, b: LostHead): boolean =>
  a.topic === b.topic && a.partition === b.partition && a.to === b.to;

/** Retention removes what was not applied yet; the stream stops and says so, and somebody accepts it. */
export class Losses {
  readonly lost: LostHead[] = [];
  readonly accepted: AcceptedLoss[] = [];
  /** What processes said when they ended. */
  readonly said: AcceptedLoss[] = [];
  private isDeciding = false;
  private readonly struck: Struck;
  private readonly scheduler: Scheduler;
  private readonly kafka: SimulatedKafka;
  private readonly streams: ReadonlyMap<string, LossyStream>;

  constructor(scheduler: Scheduler, kafka: SimulatedKafka, streams: ReadonlyMap<string, LossyStream>, struck: Struck) {
    this.struck = struck;
    this.scheduler = scheduler;
    this.kafka = kafka;
    this.streams = streams;
  }

  /** Waits for records that are not applied, and takes some of them away. */
  async strike(topic: string, partition: number, part: number): Promise<void> {
    const log = this.kafka.logsOf(topic)[partition]!;
    for (let waitedMs = 0; waitedMs < BACKLOG_WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
      const next = this.streams.get(topic)!.checkpoints.get(partition)?.next ?? -1;
      // A stream that never applied anything begins wherever its topic does.
      if (next >= 0 && log.end - next >= 2) {
        const to = next + 1 + Math.floor(part * (log.end - next - 1));
        log.deleteBefore(to);
        this.struck('retention takes what was not applied');
        this.lost.push({ topic, partition, to });
        return;
      }
      await this.scheduler.sleep(LOOK_EVERY_MS);
    }
  }

  /** True when a process may end with these words: what it names is gone. */
  isSaid(death: string): boolean {
    const found = IS_LOSS.exec(death);
    if (!found) return false;
    const [topic, partition, from, last] = [found[1]!, Number(found[2]), Number(found[3]), Number(found[4])];
    const to = last + 1;
    if (!this.lost.some((one) => isSame(one, { topic, partition, to }))) return false;
    this.said.push({ topic, partition, from, to });
    if (!this.isDeciding) this.scheduler.at(this.scheduler.now() + ACCEPTED_AFTER_MS, () => this.accept());
    this.isDeciding = true;
    return true;
  }

  private accept(): void {
    this.isDeciding = false;
    for (const [topic, { checkpoints }] of this.streams)
      for (const [partition, checkpoint] of checkpoints) {
        const log = this.kafka.logsOf(topic)[partition]!;
        const loss = findLoss(
          checkpoint,
          { partition, earliest: log.earliest, end: log.end },
          log.offsetAfter(checkpoint.newestMs),
        );
        if (loss?.kind !== 'gone' || !this.said.some((one) => isSame(one, { topic, partition, to: loss.to }))) continue;
        const after = acceptedCheckpoint(checkpoint, loss, checkpoint.generation);
        checkpoints.set(partition, { ...checkpoint, ...after, epoch: checkpoint.epoch + 1 });
        this.struck('loss is accepted');
        this.accepted.push({ topic, partition, from: loss.from, to: loss.to });
      }
  }
}
