import { expect, it } from '@jest/globals';
import type { Image } from './image.js';
import type { OutputRecord } from './stream.js';
import { ADDITIONS, TOTALS } from './testing/counting-stream.js';
import { createWorld } from './testing/instance.js';
import { ManualClock, settle } from './testing/manual-clock.js';
import { UnflushedImages } from './unflushed-images.js';

const outputOf = ({ key, version }: Image): OutputRecord => ({
  topic: TOTALS,
  key,
  partition: 'same',
  type: 'total',
  value: { key, version },
});

// A commit that changed states and left no entry, while Kafka confirms nothing for longer than states wait to be written:
// what a new claim has to tell was written and forgotten by then, and nobody told it any more.
it('a state without an entry is kept until it was told, though it is written long before', async () => {
  const clock = new ManualClock();
  const world = createWorld(clock, 1);
  const unflushed = new UnflushedImages();
  const written = new Map<string, Image>();
  const { sends, fatal, runner } = await world.startInstance(
    {
      behind: {
        unflushed,
        flush: async (images) => {
          for (const image of images) written.set(image.key, image);
        },
      },
      republish: async (_entries, partition, { sinceVersion }) =>
        [...unflushed.groups(partition)]
          .flatMap((group) => unflushed.imagesOf(partition, group))
          .filter(({ version }) => version >= sinceVersion)
          .map(outputOf),
    },
    (decide) => async (batch) => {
      const decision = await decide(batch);
      const images = [...decision.writes].map(([key, { version }]) => ({ group: key, key, version, state: {} }));
      return { ...decision, entries: [], images, outputs: images.map(outputOf) };
    },
  );
  await clock.advance(1000);
  let isAway = true;
  sends.beforeAppend = async (topic) => {
    if (topic !== TOTALS.name || !isAway) return;
    await clock.sleep(30_000);
    throw new Error('Kafka did not confirm it');
  };
  world.kafka
    .logsOf(ADDITIONS.name)[0]!
    .append([{ key: 'k', value: JSON.stringify({ id: 'a', key: 'k', units: 1 }) }], clock.now());
  await clock.advance(20_000);
  expect([...written.keys()]).toEqual(['k']);
  await clock.advance(9000);
  isAway = false;
  await clock.advance(20_000);
  expect(world.kafka.read(TOTALS.name, 0).map(({ key }) => key)).toEqual(['k']);
  expect(fatal).toEqual([]);
  // Once it was told it is written, and nothing is kept of it.
  expect(unflushed.size).toBe(0);
  await Promise.all([runner.stop(), clock.advance(1000)]);
  await settle();
});
