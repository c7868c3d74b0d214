import { describeCatalogRepository } from './testing/catalog-repository.contract.js';
import { MemoryCatalogRepository } from './testing/memory-catalog-repository.js';

describeCatalogRepository('in memory', async () => {
  const repository = new MemoryCatalogRepository();
  return { repository, write: async (writes) => repository.write(writes) };
});
