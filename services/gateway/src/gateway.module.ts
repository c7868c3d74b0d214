import { TOPICS } from '@shelfline/contracts/topics';
import { TokenVerifier } from '@shelfline/service-kit/auth';
import type { Kit, ServiceParts } from '@shelfline/service-kit/http';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import { Table } from '@shelfline/streaming/table';
import { ensureTopics, topicName } from '@shelfline/streaming/topics-setup';
import type { FastifyInstance } from 'fastify';
import { AUTH_FILES, AuthController, type AuthFiles } from './auth/auth.controller.js';
import { cartParts } from './carts/carts.parts.js';
import type { GatewayConfig } from './config.js';
import { DocsController, UPSTREAMS } from './front-door/docs.controller.js';
import { openFrontDoor } from './front-door/front-door.js';
import { OWN_READINESS, OwnHealthController, type OwnReadiness } from './front-door/own-health.controller.js';
import { askReady } from './front-door/parts-health.js';
import { showPartsMetrics } from './front-door/parts-metrics.js';
import { PARTS, type Part } from './front-door/routing.js';
import { serveWebApp } from './front-door/web-app.js';
import type { Verify } from './sockets/admission.js';
import { epochOf } from './sockets/epoch.js';
import { attachSocketServer } from './sockets/socket-server.js';
import { systemTimer } from './sockets/system-timer.js';
import { storeParts } from './store/store.parts.js';
import { StoreBoardsController } from './store/store-boards.controller.js';
import { STORE_BOARDS } from './store/store-boards.js';
import { Rooms } from './storefront/rooms.js';
import { decodeAvailability, type HeldStock } from './storefront/stock-board.js';
import type { StockFrame } from './storefront/stock-frame.js';
import { StockPush } from './storefront/stock-push.js';
import { StorefrontMetrics } from './storefront/storefront.metrics.js';
import { StorefrontNamespace } from './storefront/storefront.namespace.js';
import type { Subscriber } from './storefront/subscriber.js';
import { Subscriptions } from './storefront/subscriptions.js';
import { trackingParts } from './tracking/tracking.parts.js';

type GatewayKit = Kit<GatewayConfig>;

/** The parts of the gateway and how they hang together: table → push → sockets, and the front door beside them. */
export async function gatewayParts(kit: GatewayKit, kafka: KafkaPort): Promise<ServiceParts> {
  const { config, health, lifecycle } = kit;
  const table = await startTable(kit, kafka);
  const verify = verifyBy(new TokenVerifier(config));
  const orders = await trackingParts(kit, kafka);
  const carts = await cartParts(kit, kafka);
  const storefront = await storefrontParts(kit, kafka, { ...table, orders, carts }, orders.orLinks(verify));
  const store = await storeParts(kit, kafka, {
    verify,
    refused: (reason) => table.metrics.refused(reason),
    evicted: (reason) => table.metrics.evicted(reason),
  });
  const own: OwnReadiness = () => ({
    table: readinessOf(table.table, 'availability'),
    tasks: readinessOf(store.table, 'task'),
    tracking: readinessOf(orders.table, 'tracking'),
    carts: readinessOf(carts.table, 'cart'),
  });
  for (const part of ['table', 'tasks', 'tracking', 'carts']) health.addReadiness(part, () => own()[part]!);
  const upstreams: Record<Part, string> = {
    catalog: config.CATALOG_URL,
    inventory: config.INVENTORY_URL,
    connect: config.CONNECT_URL,
    orders: config.ORDERS_URL,
  };
  showPartsMetrics(kit.metrics, upstreams);
  for (const part of PARTS) health.addReadiness(part, () => askReady(part, upstreams[part]));
  lifecycle.onStop('database', 'kafka', () => kafka.close());

  return {
    controllers: [AuthController, DocsController, OwnHealthController, StoreBoardsController],
    providers: [
      { provide: UPSTREAMS, useValue: upstreams },
      { provide: OWN_READINESS, useValue: own },
      { provide: AUTH_FILES, useValue: authFiles(config) },
      { provide: STORE_BOARDS, useValue: store.boards },
    ],
    prepare: async (app) => {
      await openFrontDoor(app, {
        upstreams,
        rateLimitPerMinute: config.RATE_LIMIT_PER_MINUTE,
        upstreamTimeoutMs: config.UPSTREAM_TIMEOUT_MS,
        uploadTimeoutMs: config.UPLOAD_TIMEOUT_MS,
        log: kit.log,
      });
      if (config.CONSOLE_FOLDER !== undefined)
        await serveWebApp(app.getHttpAdapter().getInstance() as unknown as FastifyInstance, config.CONSOLE_FOLDER);
      const sockets = attachSocketServer(app.getHttpServer(), {
        allowedOrigins: config.ALLOWED_ORIGINS,
        maxMessageBytes: config.MAX_MESSAGE_BYTES,
        maxSockets: config.MAX_SOCKETS,
        maxSocketsPerAddress: config.MAX_SOCKETS_PER_ADDRESS,
        refused: (reason) => table.metrics.refused(reason),
      });
      storefront.attach(sockets);
      store.namespace.attach(sockets);
    },
  };
}

async function startTable({ config, log, lifecycle, metrics }: GatewayKit, kafka: KafkaPort) {
  const storefrontMetrics = new StorefrontMetrics(metrics);
  await ensureTopics(kafka, [TOPICS.availability], {
    prefix: config.TOPIC_PREFIX,
    partitions: config.TOPIC_PARTITIONS,
    replication: config.TOPIC_REPLICATION,
  });
  const table: Table<HeldStock> = new Table({
    kafka,
    topic: TOPICS.availability,
    topicName: topicName(TOPICS.availability, config.TOPIC_PREFIX),
    decode: (record) => {
      const stock = decodeAvailability(record);
      const held = record.key === null ? undefined : table.get(record.key);
      if (stock && held && stock.version < held.version) storefrontMetrics.staleVersions++;
      return stock;
    },
    versionOf: ({ version }) => version,
    onCrash: (error) => lifecycle.fail(error),
  });
  await table.start();
  lifecycle.onStop('intake', 'availability table', () => table.stop());
  table.ready.then(
    () => log.info({ keys: table.size }, 'the availability table is complete'),
    (error: Error) => lifecycle.fail(error),
  );
  return { table, metrics: storefrontMetrics };
}

interface StorefrontSources {
  readonly table: Table<HeldStock>;
  readonly metrics: StorefrontMetrics;
  readonly orders: Awaited<ReturnType<typeof trackingParts>>;
  readonly carts: Awaited<ReturnType<typeof cartParts>>;
}

async function storefrontParts(
  { config, log, lifecycle }: GatewayKit,
  kafka: KafkaPort,
  { table, metrics, orders, carts }: StorefrontSources,
  verify: Verify,
) {
  const rooms = new Rooms<Subscriber<StockFrame>>();
  const push = new StockPush({ rooms, metrics, timer: systemTimer, tickMs: config.PUSH_TICK_MS });
  const subscriptions = new Subscriptions<Subscriber<StockFrame>>({
    rooms,
    board: { find: (key) => table.get(key), onChange: (listener) => table.onChange(listener) },
    epoch: epochOf(await kafka.clusterId(), topicName(TOPICS.availability, config.TOPIC_PREFIX)),
    timer: systemTimer,
    maxPerSocket: config.MAX_SKUS_PER_SOCKET,
    lagWaitMs: config.LAG_WAIT_MS,
  });
  const namespace = new StorefrontNamespace({
    verify,
    isReady: () => table.isReady() && orders.table.isReady() && carts.table.isReady(),
    subscriptions,
    orders,
    carts,
    metrics,
    timer: systemTimer,
    log,
    messagesPerSecond: config.MESSAGES_PER_SECOND,
    messageBurst: config.MESSAGE_BURST,
    behindAtBytes: config.BEHIND_AT_BYTES,
    evictAtBytes: config.EVICT_AT_BYTES,
    evictAfterMs: config.EVICT_AFTER_MS,
  });
  push.follow(table);
  metrics.expose({
    sockets: () => namespace.sockets,
    subscriptions: () => rooms.subscriptions,
    rooms: () => rooms.size,
    heldBack: () => push.heldBack,
    keys: () => table.size,
    lagRecords: () => table.lagRecords(),
    unreadable: () => table.unreadable,
  });
  // Before the HTTP server's own stop, which waits until the last socket is gone.
  lifecycle.onStop('http', 'sockets', () => {
    push.stop();
    namespace.stop();
  });
  return namespace;
}

const verifyBy =
  (verifier: TokenVerifier): Verify =>
  async (token) => {
    const { role, channel, region, store, member, exp } = await verifier.verify(token);
    return { roles: [role], channel, region, store, member, expiresAtMs: exp * 1000 };
  };

const readinessOf = (table: { isReady(): boolean; lagRecords(): number }, name: string) =>
  table.isReady()
    ? { ready: true }
    : { ready: false, detail: `${table.lagRecords()} ${name} records still to be read` };

const authFiles = (config: GatewayConfig): AuthFiles => ({
  devKeyFile: config.SHELFLINE_MODE === 'development' ? config.AUTH_DEV_KEY_FILE : undefined,
  jwksFile: config.AUTH_JWKS_FILE,
  issuer: config.AUTH_ISSUER,
  audience: config.AUTH_AUDIENCE,
});
