import type { Totals } from './testing/counting-stream.js';
import { describePartitionStore } from './testing/partition-store.contract.js';
import { SimulatedDatabase } from './testing/simulated-store.js';

describePartitionStore('simulated', () => {
  const totals = new Map<string, number>();
  const database = new SimulatedDatabase<Totals>((writes) => {
    for (const [key, { total }] of writes) totals.set(key, total);
  });
  return Promise.resolve({
    connect: () => Promise.resolve(database.connect()),
    findTotal: (key) => Promise.resolve(totals.get(key)),
  });
});
