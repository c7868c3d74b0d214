import { beforeEach, describe, expect, it } from '@jest/globals';
import { OutputSender } from './output-sender.js';
import type { OutputRecord } from './stream.js';
import { TOTALS } from './testing/counting-stream.js';
import { ManualClock } from './testing/manual-clock.js';
import { type SendFaults, SimulatedKafka } from './testing/simulated-kafka.js';

const LARGE = 'x'.repeat(900_000);
const output = (key: string): OutputRecord => ({
  topic: TOTALS,
  key,
  partition: 'same',
  type: 'total',
  value: { text: LARGE },
});
const outputs = (count: number) => Array.from({ length: count }, (_, i) => output(`k${i}`));

describe('outputs of one partition that take several requests', () => {
  let kafka: SimulatedKafka;
  let faults: SendFaults;
  let sender: OutputSender;
  beforeEach(() => {
    kafka = new SimulatedKafka(new ManualClock());
    kafka.createTopic(TOTALS.name, 1);
    faults = {};
    const partitions = new Map([[TOTALS.name, 1]]);
    sender = new OutputSender({ kafka: kafka.connect(faults), prefix: '', partitions, source: 'test' });
  });

  // What was committed must be sent, however much it is: refused for its size, it would be claimed and refused for ever.
  it('are sent though they are more than may wait for a partition', async () => {
    await sender.send(outputs(75), 0, 1);
    expect(kafka.logsOf(TOTALS.name)[0]!.end).toBe(75);
  });

  it('end with the first that is not confirmed: nothing of them overtakes it', async () => {
    faults.beforeAppend = (_topic, _partition, records) => {
      if (records.some(({ key }) => key === 'k1')) throw new Error('Kafka did not confirm it');
    };
    await expect(sender.send(outputs(3), 0, 1)).rejects.toThrow('did not confirm');
    expect(kafka.read(TOTALS.name, 0).map(({ key }) => key)).toEqual(['k0']);
  });
});
