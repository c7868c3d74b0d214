import { loadConfig } from '@shelfline/service-kit/config';
import { bootstrap } from '@shelfline/service-kit/http';
import { InventoryConfig } from './config.js';
import { buildInventory } from './inventory.parts.js';

const config = loadConfig(InventoryConfig);
await bootstrap({
  name: 'inventory',
  description: 'The stock ledger: movements, levels, reservations, availability',
  config,
  build: buildInventory,
});
