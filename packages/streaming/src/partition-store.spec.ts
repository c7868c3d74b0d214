import type { Totals } from './testing/counting-stream.js';
import { describePartitionStore, type StoreUnderTest } from './testing/partition-store.contract.js';
import { type CommitFaults, SimulatedDatabase } from './testing/simulated-store.js';

const simulated = (faults: CommitFaults) => (): Promise<StoreUnderTest> => {
  const totals = new Map<string, number>();
  const database = new SimulatedDatabase<Totals>((writes) => {
    for (const [key, { total }] of writes) totals.set(key, total);
  });
  return Promise.resolve({
    connect: () => Promise.resolve(database.connect(faults)),
    findTotal: (key) => Promise.resolve(totals.get(key)),
  });
};

describePartitionStore('simulated', simulated({}));
describePartitionStore(
  'simulated, images one after the other',
  simulated({
    images: { order: (images) => images.toReversed(), beforeRead: async () => {}, beforeForget: async () => {} },
  }),
);
