import { commonConfig, loadConfig, milliseconds } from '@shelfline/service-kit/config';
import { trackingKeys } from '@shelfline/service-kit/tracking-tokens';
import { z } from 'zod';

const count = z.coerce.number().int().min(1);
const bytes = z.coerce.number().int().min(1024);
const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const { MONGODB_URI: _uri, MONGODB_DATABASE: _database, ...shared } = commonConfig;

export const GatewayConfig = z.object({
  ...shared,
  PORT: shared.PORT.default(8080),
  CATALOG_URL: z.url().default('http://127.0.0.1:8081').describe('Address of the catalog service'),
  INVENTORY_URL: z.url().default('http://127.0.0.1:8082').describe('Address of the inventory service'),
  CONNECT_URL: z.url().default('http://127.0.0.1:8083').describe('Address of the connect service'),
  ORDERS_URL: z.url().default('http://127.0.0.1:8084').describe('Address of the orders service'),
  CONSOLE_FOLDER: z.string().optional().describe('Folder of the built web app; none is served unless set'),
  AUTH_DEV_KEY_FILE: z.string().optional().describe('Private key for development tokens'),
  ALLOWED_ORIGINS: z
    .string()
    .default('')
    .transform(listOf)
    .describe('Origins of pages that may open sockets, comma between; the own one and loopback always may'),
  PUSH_TICK_MS: milliseconds
    .max(5000)
    .default(50)
    .describe('Changes of a SKU within this are sent as one; 0 = none is held'),
  MAX_SKUS_PER_SOCKET: count.max(2000).default(2000).describe('SKUs one socket may watch'),
  TRACKING_KEYS: trackingKeys,
  MAX_ORDERS_PER_SOCKET: count.max(200).default(20).describe('Orders one socket may track'),
  MAX_SOCKETS: count.default(50_000).describe('Sockets in all'),
  MAX_SOCKETS_PER_ADDRESS: count.default(1000).describe('Sockets per client address; loopback is not limited'),
  MAX_MESSAGE_BYTES: bytes.default(98_304).describe('Largest message a socket may send'),
  MESSAGES_PER_SECOND: count.default(20).describe('Messages a socket may send, steadily'),
  MESSAGE_BURST: count.default(60).describe('Messages a socket may send at once'),
  BEHIND_AT_BYTES: bytes.default(32_768).describe('Bytes not taken by a socket from which only newest states are kept'),
  EVICT_AT_BYTES: bytes.default(1_048_576).describe('Bytes queued for a socket at which it is ended'),
  EVICT_AFTER_MS: milliseconds.default(5000).describe('A socket that takes nothing for so long is ended'),
  LAG_WAIT_MS: milliseconds.default(2000).describe('How long a lagging instance waits before it says so'),
  MAX_SCREENS_PER_STORE: count.default(50).describe('Sockets in /store of one store'),
  TASK_REDELIVER_AFTER_MS: milliseconds
    .min(10)
    .default(3000)
    .describe('A push to a store that is not acknowledged for so long comes again; then twice as long, up to 30 s'),
  TASK_ANSWER_WITHIN_MS: milliseconds.default(5000).describe('How long a store’s action waits for the order’s answer'),
  RATE_LIMIT_PER_MINUTE: count.default(600_000).describe('REST requests per client address'),
  UPSTREAM_TIMEOUT_MS: milliseconds.default(30_000).describe('A service that answers later counts as down'),
  UPLOAD_TIMEOUT_MS: milliseconds.default(3_600_000).describe('Longest upload'),
});
export type GatewayConfig = z.output<typeof GatewayConfig>;

export const readConfig = (env: NodeJS.ProcessEnv = process.env): GatewayConfig => loadConfig(GatewayConfig, env);
