import { ConfigError, loadConfig } from '@shelfline/service-kit/config';
import { bootstrap } from '@shelfline/service-kit/http';
import { ConnectConfig } from './config.js';
import { buildConnect, LONGEST_UPLOAD_MS } from './connect.module.js';
import { MAX_BODY_BYTES } from './deltas.controller.js';

try {
  await bootstrap({
    name: 'connect',
    description: 'Facts from tills, warehouses and back offices: REST and CSV in.',
    config: loadConfig(ConnectConfig),
    bodyLimitBytes: MAX_BODY_BYTES,
    requestTimeoutMs: LONGEST_UPLOAD_MS,
    build: buildConnect,
  });
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String((error as Error).stack)}\n`);
  process.exit(1);
}
