import 'reflect-metadata';
import {
  type ArgumentsHost,
  Catch,
  type DynamicModule,
  type ExceptionFilter,
  Module,
  type Provider,
  StandardSchemaValidationPipe,
  type Type,
} from '@nestjs/common';
import { APP_GUARD, NestFactory, Reflector } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { JwtGuard, TokenVerifier } from './auth.js';
import type { CommonConfig } from './config.js';
import { HealthController, HealthRegistry } from './health.js';
import { Lifecycle } from './lifecycle.js';
import { createLogger, type Logger } from './logger.js';
import { latencyBuckets, Metrics, MetricsController } from './metrics.js';
import { invalidFields, toProblem } from './problem.js';
import { startTracing, withSpan } from './tracing.js';

/** What a service is given before its own parts are made. */
export interface Kit<C> {
  readonly config: C;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly health: HealthRegistry;
  readonly lifecycle: Lifecycle;
}

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
  readonly bodyLimitBytes?: number;
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

/** Starts a service in order: its parts, its streams, then its HTTP port. */
export async function bootstrap<C extends HttpConfig>(options: BootOptions<C>): Promise<RunningService> {
  const { name, config } = options;
  const log = createLogger({ name, level: config.LOG_LEVEL, format: config.LOG_FORMAT });
  const lifecycle = new Lifecycle(log, config.SHUTDOWN_TIMEOUT_MS);
  if (options.handleSignals !== false) lifecycle.handleSignals();
  const stopTracing = await startTracing(name, config.OTEL_EXPORTER_OTLP_ENDPOINT);
  const metrics = new Metrics(name);
  const health = new HealthRegistry();
  const parts = await options.build({ config, log, metrics, health, lifecycle });
  const app = await NestFactory.create<NestFastifyApplication>(
    moduleOf(parts, { metrics, health, verifier: new TokenVerifier(config) }),
    new FastifyAdapter({
      bodyLimit: options.bodyLimitBytes ?? 1_048_576,
      requestTimeout: 60_000,
      trustProxy: 'loopback',
    }),
    { logger: false, abortOnError: false },
  );
  app.useGlobalPipes(new StandardSchemaValidationPipe({ exceptionFactory: invalidFields }));
  app.useGlobalFilters(new ProblemFilter(log));
  observeRequests(app, metrics, log);
  describeApi(app, options);
  await parts.prepare?.(app);
  for (const strategy of parts.strategies ?? [])
    app.connectMicroservice({ strategy } as object, { inheritAppConfig: false });
  await app.startAllMicroservices();
  lifecycle.onStop('http', 'http', () => app.getHttpAdapter().getInstance().close());
  lifecycle.onStop('drain', 'streams', async () => {
    for (const strategy of parts.strategies ?? []) await strategy.close();
  });
  lifecycle.onStop('database', 'tracing', stopTracing);
  await app.listen(config.PORT, config.HOST);
  const address = await app.getUrl();
  log.info({ address }, `${name} is listening`);
  return { app, address, lifecycle, metrics };
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

interface Reply {
  readonly sent: boolean;
  status(code: number): Reply;
  header(name: string, value: string): Reply;
  send(body: unknown): unknown;
}

/** Every error leaves as Problem Details; what nobody expected is logged and shown without its insides. */
@Catch()
class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const reply = host.switchToHttp().getResponse<Reply>();
    const details = toProblem(error);
    if (details.status >= 500) this.log.error({ err: error }, 'request failed');
    if (reply.sent) return;
    if (details.status === 503 || details.status === 429) reply.header('retry-after', '2');
    reply.status(details.status).header('content-type', 'application/problem+json; charset=utf-8').send(details);
  }
}

function observeRequests(app: NestFastifyApplication, metrics: Metrics, log: Logger): void {
  const seconds = metrics.histogram({
    name: 'shelfline_http_request_duration_seconds',
    help: 'HTTP requests by route, method and status class',
    labelNames: ['route', 'method', 'status'],
    buckets: latencyBuckets,
  });
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const status = `${Math.floor(reply.statusCode / 100)}xx`;
    seconds.observe({ route, method: request.method, status }, reply.elapsedTime / 1000);
    if (reply.statusCode >= 500 || log.isLevelEnabled('debug'))
      log.info(
        { method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
        'request',
      );
    done();
  });
  fastify.addHook('preHandler', (request, _reply, done) => {
    const traceparent = request.headers['traceparent'];
    void withSpan(
      `${request.method} ${request.routeOptions.url ?? ''}`,
      { 'http.request.method': request.method, 'http.route': request.routeOptions.url ?? '' },
      () => Promise.resolve(done()),
      typeof traceparent === 'string' ? traceparent : undefined,
    );
  });
}

function describeApi<C extends HttpConfig>(app: NestFastifyApplication, { name, description }: BootOptions<C>): void {
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
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'openapi.json' });
}
