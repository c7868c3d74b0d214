import type { ReceivedRecord } from '../kafka-port.js';
import type { RecordToSend } from '../records-to-send.js';
import { ADDITIONS, type Addition, TOTALS } from './counting-stream.js';
import { createWorld } from './instance.js';
import { ManualClock } from './manual-clock.js';

export const toSend = (addition: Addition): RecordToSend => ({ key: addition.key, value: JSON.stringify(addition) });

export const versionOn = ({ value }: ReceivedRecord): number =>
  (JSON.parse(value!.toString()) as { version: number }).version;

/** What waits until it is let go on. */
export const held = () => {
  let release: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { gate, release };
};

/** A simulated world whose topics have one partition each, and what its specs tell and ask it. */
export function createOnePartition() {
  const clock = new ManualClock();
  const world = createWorld(clock, 1);
  const put = (...records: RecordToSend[]) => world.kafka.logsOf(ADDITIONS.name)[0]!.append(records, clock.now());
  const totalsTopic = () => world.kafka.read(TOTALS.name, 0);
  return {
    clock,
    world,
    put,
    totalsTopic,
    add: (id: string, key: string, units: number) => put(toSend({ id, key, units })),
    published: () =>
      totalsTopic().map(({ value }) => {
        const { key, total } = JSON.parse(value!.toString()) as { key: string; total: number };
        return `${key}=${total}`;
      }),
    letters: () => [...world.database.deadLetters.values()].map(({ reason }) => reason),
    applied: () => [...world.database.entries.values()].filter(({ outcome }) => outcome === 'applied').length,
  };
}
