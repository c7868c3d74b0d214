import {
  type Attributes,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

const TRACER = 'shelfline';
let active = false;

/**
 * Traces from HTTP through Kafka headers to the socket. Off unless an endpoint is set: then nothing of the SDK is even
 * loaded. Resolves to what sends the last spans off.
 */
export async function startTracing(service: string, endpoint: string | undefined): Promise<() => Promise<void>> {
  if (!endpoint) return () => Promise.resolve();
  const [{ NodeSDK }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const sdk = new NodeSDK({
    serviceName: `shelfline-${service}`,
    traceExporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` }),
    instrumentations: [],
    // Left out, the SDK would send metrics and logs to the same endpoint; Prometheus and standard output have those.
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  active = true;
  return async () => {
    active = false;
    await sdk.shutdown();
  };
}

export const isTracing = (): boolean => active;
export const currentTraceId = (): string | undefined =>
  active ? trace.getActiveSpan()?.spanContext().traceId : undefined;

const parentOf = (traceparent: string | undefined) =>
  traceparent ? propagation.extract(ROOT_CONTEXT, { traceparent }) : context.active();

/** Runs work in a span whose parent is the `traceparent` given, else the active span. */
export async function withSpan<T>(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  work: (span: Span | undefined) => Promise<T>,
  traceparent?: string,
): Promise<T> {
  if (!active) return work(undefined);
  return trace.getTracer(TRACER).startActiveSpan(name, { attributes }, parentOf(traceparent), async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.recordException(error as Error);
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A span that is begun in one callback and ended in another. */
export interface OpenSpan {
  /** What is called here, and whatever it starts, has the span as parent. */
  run(work: () => void): void;
  end(route: string, status: number): void;
}

/** The span of a request that came in; undefined when not tracing. */
export function openServerSpan(method: string, traceparent: string | string[] | undefined): OpenSpan | undefined {
  if (!active) return undefined;
  const parent = parentOf(typeof traceparent === 'string' ? traceparent : undefined);
  const attributes: Attributes = { 'http.request.method': method };
  const span = trace.getTracer(TRACER).startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
  return {
    run: (work) => context.with(trace.setSpan(parent, span), work),
    end: (route, status) => {
      span.updateName(`${method} ${route}`);
      span.setAttributes({ 'http.route': route, 'http.response.status_code': status });
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

/** The active span as a W3C header, to be put on a record or a request; undefined when not tracing. */
export function currentTraceparent(): string | undefined {
  if (!active) return undefined;
  const headers: { traceparent?: string } = {};
  propagation.inject(context.active(), headers);
  return headers.traceparent;
}

/** Adds `traceparent` to the headers of a record or a request; as they are when not tracing. */
export function injectTraceparent(headers: Readonly<Record<string, string>>): Record<string, string> {
  const traceparent = currentTraceparent();
  return traceparent ? { ...headers, traceparent } : { ...headers };
}

/** What `withSpan` takes as parent, from headers of Kafka (bytes) or HTTP (text). */
export function extractTraceparent(
  headers: Readonly<Record<string, string | string[] | Buffer | undefined>>,
): string | undefined {
  const value = headers['traceparent'];
  return Array.isArray(value) ? value[0] : value?.toString();
}
