import 'reflect-metadata';
import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { APP_GUARD, NestFactory, Reflector } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { JwtGuard, TokenVerifier } from './auth.js';
import { type CommonConfig, ConfigError } from './config.js';
import { withProblems } from './documented-problems.js';
import { HealthController, HealthRegistry } from './health.js';
import { createHttpServer } from './http-server.js';
import { Lifecycle } from './lifecycle.js';
import { createLogger, type Logger } from './logger.js';
import { Metrics, MetricsController } from './metrics.js';
import { NestLog } from './nest-log.js';
import { ProblemFilter } from './problem-filter.js';
import { startTracing } from './tracing.js';
import { ValidationPipe } from './validation-pipe.js';

/** What a service is given before its own parts are made. */
export interface Kit<C> {
  readonly config: C;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly health: HealthRegistry;
  readonly lifecycle: Lifecycle;
}

/** A scrape does not wait for checks that ask other services. */
const READY_METRIC_WAIT_MS = 100;
const DEFAULT_BODY_LIMIT_BYTES = 1_048_576;
const DEFAULT_REQUEST_TIMEOUT_MS = 60_000;

type NestStrategy = { listen(callback: (...args: unknown[]) => void): unknown; close(): unknown };

export interface ServiceParts {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
  /** Nest transports, e.g. streaming's BatchTransport. */
  readonly strategies?: readonly NestStrategy[];
  /** Called once routes and strategies are up, before the service listens. */
  readonly prepare?: (app: NestFastifyApplication) => Promise<void> | void;
}

export interface BootOptions<C extends HttpConfig> {
  readonly name: string;
  readonly config: C;
  readonly description: string;
  /** 1 MiB unless told; over it, 413. */
  readonly bodyLimitBytes?: number;
  /** For a request to arrive wholly: 60 s unless told; over it, 408. */
  readonly requestTimeoutMs?: number;
  /** OpenAPI documents the page at /docs offers; only the service's own unless told. */
  readonly documents?: readonly { readonly name: string; readonly url: string }[];
  readonly build: (kit: Kit<C>) => Promise<ServiceParts>;
  /** False leaves signals and unexpected errors to the caller (tests). */
  readonly handleSignals?: boolean;
}
export type HttpConfig = Pick<
  CommonConfig,
  | 'HOST'
  | 'PORT'
  | 'LOG_LEVEL'
  | 'LOG_FORMAT'
  | 'SHUTDOWN_TIMEOUT_MS'
  | 'OTEL_EXPORTER_OTLP_ENDPOINT'
  | 'AUTH_JWKS_URL'
  | 'AUTH_JWKS_FILE'
  | 'AUTH_ISSUER'
  | 'AUTH_AUDIENCE'
>;

export interface RunningService {
  readonly app: NestFastifyApplication;
  readonly address: string;
  readonly lifecycle: Lifecycle;
  readonly metrics: Metrics;
}

@Module({})
class ServiceModule {}

/** Starts a service in order: its parts, its streams, then its HTTP port. Stops in the order of `STOP_PHASES`. */
export async function bootstrap<C extends HttpConfig>(options: BootOptions<C>): Promise<RunningService> {
  const { name, config } = options;
  const log = createLogger({ name, level: config.LOG_LEVEL, format: config.LOG_FORMAT });
  const lifecycle = new Lifecycle(log, config.SHUTDOWN_TIMEOUT_MS);
  if (options.handleSignals !== false) lifecycle.handleSignals();
  const verifier = new TokenVerifier(config);
  lifecycle.onStop('database', 'tracing', await startTracing(name, config.OTEL_EXPORTER_OTLP_ENDPOINT));
  const metrics = new Metrics(name);
  const health = new HealthRegistry();
  health.addReadiness('process', () => (lifecycle.isStopping ? { ready: false, detail: 'stopping' } : { ready: true }));
  metrics.gauge({
    name: 'shelfline_ready',
    help: '1 while /health/ready answers yes, else 0',
    async collect() {
      this.set((await health.readyBy(READY_METRIC_WAIT_MS)) ? 1 : 0);
    },
  });
  const bodyLimitBytes = options.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES;
  const requestTimeoutMs = options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS;
  const { adapter, requests, paths } = createHttpServer({ bodyLimitBytes, requestTimeoutMs, log, metrics });

  const parts = await options.build({ config, log, metrics, health, lifecycle });
  const app = await NestFactory.create<NestFastifyApplication>(
    moduleOf(parts, { metrics, health, verifier }),
    adapter,
    { logger: new NestLog(log), abortOnError: false, bodyParser: false },
  );
  app.useGlobalPipes(new ValidationPipe());
  app.useGlobalFilters(new ProblemFilter(log, bodyLimitBytes, paths));
  describeApi(app, options);
  await parts.prepare?.(app);
  const strategies = (parts.strategies ?? []).map(closedOnce);
  for (const strategy of strategies) app.connectMicroservice({ strategy } as object, { inheritAppConfig: false });
  await app.startAllMicroservices();

  // Half of the time: the streams must be able to drain even when a client never finishes its request.
  lifecycle.onStop('http', 'requests', () => requests.stop(config.SHUTDOWN_TIMEOUT_MS / 2));
  lifecycle.onStop('drain', 'streams', () => Promise.all(strategies.map((strategy) => strategy.close())));
  lifecycle.onStop('application', 'nest', () => app.close());
  await app.listen(config.PORT, config.HOST).catch((error: unknown) => {
    throw explainListen(error, config);
  });
  const address = await app.getUrl();
  log.info({ address }, `${name} is listening`);
  return { app, address, lifecycle, metrics };
}

function explainListen(error: unknown, { HOST, PORT }: Pick<HttpConfig, 'HOST' | 'PORT'>): unknown {
  const reason = {
    EADDRINUSE: 'is taken by another program. Stop that, or set PORT to a free one',
    EACCES: 'may not be used by this user. Set PORT to one above 1023',
    EADDRNOTAVAIL: 'cannot be had: the machine has no such address. Correct HOST',
  }[String((error as NodeJS.ErrnoException).code)];
  return reason ? new ConfigError(`Port ${PORT} of ${HOST} ${reason}.`) : error;
}

/** Nest closes its transports once more when the application closes, after they were drained. */
function closedOnce(strategy: NestStrategy): NestStrategy {
  const close = strategy.close.bind(strategy);
  let closing: Promise<unknown> | undefined;
  strategy.close = () => (closing ??= Promise.resolve(close()));
  return strategy;
}

function moduleOf(
  { controllers, providers }: ServiceParts,
  { metrics, health, verifier }: { metrics: Metrics; health: HealthRegistry; verifier: TokenVerifier },
): DynamicModule {
  return {
    module: ServiceModule,
    controllers: [HealthController, MetricsController, ...controllers],
    providers: [
      ...providers,
      Reflector,
      { provide: Metrics, useValue: metrics },
      { provide: HealthRegistry, useValue: health },
      { provide: TokenVerifier, useValue: verifier },
      { provide: APP_GUARD, useClass: JwtGuard },
    ],
  };
}

function describeApi<C extends HttpConfig>(
  app: NestFastifyApplication,
  { name, description, documents }: BootOptions<C>,
): void {
  const document = SwaggerModule.createDocument(
    app,
    new DocumentBuilder()
      .setOpenAPIVersion('3.1.0')
      .setTitle(`Shelfline ${name}`)
      .setDescription(description)
      .setVersion('0.1.0')
      .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
      .addBearerAuth()
      .build(),
  );
  SwaggerModule.setup('docs', app, withProblems(document), {
    jsonDocumentUrl: 'openapi.json',
    ...(documents ? { explorer: true, swaggerOptions: { urls: [...documents] } } : {}),
  });
}
