import { expect, it } from '@jest/globals';
import { silentLog } from './log.js';
import { OutputSender } from './output-sender.js';
import { republish } from './republish.js';
import type { MissedOutputs, StreamDefinition } from './stream.js';
import { ADDITIONS, type Addition, countingStream, TOTALS, type Totals } from './testing/counting-stream.js';
import { ManualClock } from './testing/manual-clock.js';
import { SimulatedKafka } from './testing/simulated-kafka.js';
import { SimulatedDatabase } from './testing/simulated-store.js';
import { UnflushedImages } from './unflushed-images.js';

const CLAIM = { epoch: 2, next: 9, published: 7, generation: 3, newestMs: 5, unpublished: [{ next: 8, newestMs: 3 }] };
const version = (offset: number) => 3 * 2 ** 40 + offset;
const MISSED = { partition: 0, from: 7, to: 9 };

/** A new owner that finds a commit without entries and letters: only states had changed. */
async function toldBy(behind: StreamDefinition<Addition, Totals>['behind']) {
  const kafka = new SimulatedKafka(new ManualClock());
  kafka.createTopic(TOTALS.name, 1);
  const store = new SimulatedDatabase<Totals>(() => {}).connect();
  const { stream } = countingStream({ store, findTotals: async () => new Map(), groupId: 'group' });
  const asked: MissedOutputs[] = [];
  const sender = new OutputSender({
    kafka: kafka.connect(),
    prefix: '',
    partitions: new Map([[TOTALS.name, 1]]),
    source: 'test',
  });
  const send = await republish(MISSED, CLAIM, {
    stream: {
      ...stream,
      ...(behind ? { behind } : {}),
      republish: async (_entries, _partition, missed) => {
        asked.push(missed);
        return [{ topic: TOTALS, key: 'k', partition: 'same', type: 'total', value: { total: 1 } }];
      },
    },
    sender,
    topicName: ADDITIONS.name,
    log: silentLog,
  });
  await send();
  return { asked, sent: kafka.read(TOTALS.name, 0).map(({ key }) => key) };
}

it('a new owner tells states that are written behind and changed without an entry', async () => {
  const behind = { unflushed: new UnflushedImages(), flush: async () => {} };
  const { asked, sent } = await toldBy(behind);
  expect(sent).toEqual(['k']);
  expect(asked).toEqual([expect.objectContaining({ sinceVersion: version(7) })]);
  const { toldAtMs } = asked[0]!;
  // What no commit noted is of the newest one's time.
  expect([toldAtMs(version(7)), toldAtMs(version(8))]).toEqual([3, 5]);
});

it('a new owner asks nothing of a stream whose states change with entries only', async () => {
  expect(await toldBy(undefined)).toEqual({ asked: [], sent: [] });
});
