import { context, propagation, ROOT_CONTEXT, type Span, SpanStatusCode, trace } from '@opentelemetry/api';

const TRACER = 'shelfline';
let active = false;

/** Traces from HTTP through Kafka headers to the socket. Off, and free of cost, unless an endpoint is set. */
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

/** Runs work in a span whose parent is the `traceparent` given, if any. */
export async function withSpan<T>(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  work: (span: Span | undefined) => Promise<T>,
  traceparent?: string,
): Promise<T> {
  if (!active) return work(undefined);
  const parent = traceparent ? propagation.extract(ROOT_CONTEXT, { traceparent }) : context.active();
  return trace.getTracer(TRACER).startActiveSpan(name, { attributes }, parent, async (span) => {
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

/** The active span as a W3C header, to be put on a record or a request; undefined when not tracing. */
export function currentTraceparent(): string | undefined {
  if (!active) return undefined;
  const headers: { traceparent?: string } = {};
  propagation.inject(context.active(), headers);
  return headers.traceparent;
}
