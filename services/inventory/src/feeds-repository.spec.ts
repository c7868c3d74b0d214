import { describeFeedsRepository } from './testing/feeds-repository.contract.js';
import { MemoryFeedsRepository } from './testing/memory-feeds-repository.js';

describeFeedsRepository('in memory', async () => {
  const repository = new MemoryFeedsRepository();
  return { repository, write: async (writes) => repository.write(writes) };
});
