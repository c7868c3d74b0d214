import { Controller, Get, Inject, Res } from '@nestjs/common';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { Public } from './auth-decorators.js';

export const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
export const sizeBuckets = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000];

export interface MetricOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
}

/** Values of these grow with the business, and so would the number of time series. */
const UNBOUNDED = /sku|order|member|socket|customer|user|token|address|^id$|_id$/i;

function checked({ name, help, labelNames = [] }: MetricOptions, counter: boolean) {
  if (!/^shelfline_[a-z0-9_]+$/.test(name)) throw new Error(`metric ${name}: names begin with shelfline_, lower case`);
  if (counter !== name.endsWith('_total')) throw new Error(`metric ${name}: counters, and only they, end in _total`);
  for (const label of labelNames)
    if (UNBOUNDED.test(label)) throw new Error(`metric ${name}: label ${label} has unbounded values`);
  return { name, help, labelNames: [...labelNames] };
}

/** One registry a service, with process metrics. */
export class Metrics {
  readonly registry = new Registry();

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry });
  }

  counter(options: MetricOptions & { readonly collect?: (this: Counter) => void | Promise<void> }): Counter {
    const { collect } = options;
    return new Counter({ ...checked(options, true), registers: [this.registry], ...(collect ? { collect } : {}) });
  }
  gauge(options: MetricOptions & { readonly collect?: (this: Gauge) => void | Promise<void> }): Gauge {
    const { collect } = options;
    return new Gauge({ ...checked(options, false), registers: [this.registry], ...(collect ? { collect } : {}) });
  }
  histogram(options: MetricOptions & { readonly buckets?: readonly number[] }): Histogram {
    return new Histogram({
      ...checked(options, false),
      buckets: [...(options.buckets ?? latencyBuckets)],
      registers: [this.registry],
    });
  }
}

interface Reply {
  type(contentType: string): Reply;
  send(body: string): unknown;
}

@Public()
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(Metrics) private readonly metrics: Metrics) {}

  @Get()
  async read(@Res() reply: Reply): Promise<void> {
    reply.type(this.metrics.registry.contentType).send(await this.metrics.registry.metrics());
  }
}
