import { ConfigError, loadConfig } from '@shelfline/service-kit/config';
import { bootstrap } from '@shelfline/service-kit/http';
import { ConnectConfig } from './config.js';
import { buildConnect } from './connect.module.js';

try {
  await bootstrap({
    name: 'connect',
    description: 'Facts from tills, warehouses and back offices: REST and CSV in.',
    config: loadConfig(ConnectConfig),
    build: buildConnect,
  });
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String((error as Error).stack)}\n`);
  process.exit(1);
}
