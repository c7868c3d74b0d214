import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ServiceName } from './options.js';
import type { ServiceToRun } from './supervisor.js';

export interface Surroundings {
  readonly checkout: string;
  readonly dataFolder: string;
  readonly kafkaBrokers: readonly string[];
  readonly mongodbUri: string;
  readonly keyFiles: { readonly privateKey: string; readonly publicKeys: string };
  /** Of orders and the gateway, which checks what orders signed. */
  readonly trackingKeys: string;
  readonly ports: Readonly<Record<ServiceName, number>>;
}

/** Start order: who owns reference data first, the front door last. Each is a process of its own. */
export function servicesToRun(wanted: readonly ServiceName[], around: Surroundings): ServiceToRun[] {
  const order: ServiceName[] = ['catalog', 'inventory', 'orders', 'connect', 'gateway'];
  return order
    .filter((name) => wanted.includes(name))
    .map((name) => ({
      name,
      readyUrl: `http://127.0.0.1:${around.ports[name]}/health/ready${name === 'gateway' ? '/own' : ''}`,
      program: join(around.checkout, 'services', name, 'dist', 'main.js'),
      env: { ...sharedEnvironment(name, around), ...ownEnvironment(name, around) },
    }));
}

function sharedEnvironment(name: ServiceName, around: Surroundings): Record<string, string> {
  return {
    HOST: '127.0.0.1',
    PORT: String(around.ports[name]),
    KAFKA_BROKERS: around.kafkaBrokers.join(','),
    MONGODB_URI: around.mongodbUri,
    MONGODB_DATABASE: `shelfline_${name}`,
    SHELFLINE_MODE: 'development',
    // Each partition costs its own round trips; on one machine four are faster than the twelve of a deployment.
    TOPIC_PARTITIONS: process.env['TOPIC_PARTITIONS'] ?? '4',
    AUTH_JWKS_FILE: around.keyFiles.publicKeys,
    INSTANCE_ID: `${name}-local`,
  };
}

function ownEnvironment(
  name: ServiceName,
  { ports, keyFiles, trackingKeys, checkout, dataFolder }: Surroundings,
): Record<string, string> {
  const address = (service: ServiceName) => `http://127.0.0.1:${ports[service]}`;
  switch (name) {
    case 'gateway':
      return {
        // Handshakes make much garbage at once; a large young generation would keep its size, per socket some 30 kB.
        NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --max-semi-space-size=4`,
        AUTH_DEV_KEY_FILE: keyFiles.privateKey,
        TRACKING_KEYS: trackingKeys,
        CATALOG_URL: address('catalog'),
        INVENTORY_URL: address('inventory'),
        CONNECT_URL: address('connect'),
        ORDERS_URL: address('orders'),
        CONSOLE_FOLDER: join(checkout, 'services', 'console', 'dist'),
      };
    case 'connect':
      return { IMPORT_FOLDER: join(dataFolder, 'imports') };
    case 'orders':
      return {
        TRACKING_KEYS: trackingKeys,
        TRACKING_LINK_BASE: `${address('gateway')}/track`,
        COURIER: 'simulator',
        // Only the simulated courier on this machine signs with it, and it starts with the service.
        COURIER_WEBHOOK_SECRETS: `simulator:${randomBytes(32).toString('base64url')}`,
      };
    case 'catalog':
    case 'inventory':
      return {};
  }
}
