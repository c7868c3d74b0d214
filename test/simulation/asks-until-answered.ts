import type { TopicDefinition } from '@shelfline/contracts/topics';
import { partitionFor } from '@shelfline/streaming/partitioner';
import type { SimulatedKafka, SimulatedKafkaPort } from '@shelfline/streaming/testing/simulated-kafka';
import type { Scheduler } from './scheduler.ts';
import { PARTITIONS } from './setting.ts';
import type { Strike, Struck } from './strikes.ts';

const SEND_AGAIN_MS = 40;
const ASKS_AGAIN_MS = 1500;

export interface Outside {
  readonly scheduler: Scheduler;
  readonly kafka: SimulatedKafka;
  readonly port: SimulatedKafkaPort;
  readonly struck: Struck;
  readonly seed: number;
}
interface Way<M> {
  readonly intake: TopicDefinition;
  readonly outcomes: TopicDefinition;
  readonly keyOf: (message: M) => string;
  readonly again: Strike;
}

/** People and systems outside, who send what they ask again until there is an answer. */
export class AsksUntilAnswered<M extends { readonly id: string; readonly source: string }> {
  /** What was asked, by `source/id`. */
  readonly asked = new Map<string, M>();
  private readonly answered = new Set<string>();
  private readonly outside: Outside;
  private readonly way: Way<M>;

  constructor(outside: Outside, way: Way<M>) {
    this.outside = outside;
    this.way = way;
    follow(outside.kafka, way.outcomes, (value) => {
      const { source, id } = JSON.parse(value) as M;
      this.answered.add(`${source}/${id}`);
    });
  }

  async ask(message: M): Promise<void> {
    const { scheduler, port, struck } = this.outside;
    const { intake, keyOf, again } = this.way;
    const name = `${message.source}/${message.id}`;
    this.asked.set(name, message);
    const key = keyOf(message);
    const record = { key, value: JSON.stringify(message) };
    const send = () =>
      port.send(intake.name, partitionFor(key, PARTITIONS), [record]).then(
        () => true,
        () => false,
      );
    for (;;) {
      while (!(await send())) await scheduler.sleep(SEND_AGAIN_MS);
      await scheduler.sleep(ASKS_AGAIN_MS);
      if (this.answered.has(name)) return;
      struck(again);
    }
  }
}

/** Whatever is appended to a topic from now on. */
export function follow(
  kafka: SimulatedKafka,
  { name }: TopicDefinition,
  onValue: (value: string) => void,
  onTombstone: (key: string, state: string | undefined) => void = () => {},
): void {
  for (const log of kafka.logsOf(name)) {
    let next = 0;
    log.onAppend(() => {
      for (const { offset, key, value, headers } of log.read(next, Number.POSITIVE_INFINITY)) {
        next = offset + 1;
        if (value) onValue(value.toString());
        else onTombstone(key!, headers['sl-state']?.toString());
      }
    });
  }
}

/** What somebody does depends on what he sees alone. */
export const hashOf = (text: string): number => {
  let hash = 7;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
};
