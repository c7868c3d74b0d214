import { setFlagsFromString } from 'node:v8';
import { loadConfig } from '@shelfline/service-kit/config';
import { bootstrap } from '@shelfline/service-kit/http';
import { InventoryConfig } from './config.js';
import { buildInventory } from './inventory.parts.js';

// What is on its way to the database and to Kafka lies outside V8's heap, and for every 64 MB of it V8 would mark the
// whole heap, the cached levels with it: a fifth of a busy ledger's time. So it counts towards the heap's own limit.
setFlagsFromString('--external-memory-accounted-in-global-limit');
const config = loadConfig(InventoryConfig);
await bootstrap({
  name: 'inventory',
  description: 'The stock ledger: movements, levels, reservations, availability',
  config,
  build: buildInventory,
});
