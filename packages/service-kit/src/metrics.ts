import { readdir } from 'node:fs/promises';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { Public } from './auth-decorators.js';
import { mergeExpositions } from './merge-expositions.js';

export const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
export const sizeBuckets = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000];

export interface MetricOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
}

export interface MetricDefinition {
  readonly name: string;
  readonly help: string;
  /** counter, gauge, histogram or summary. */
  readonly type: string;
  readonly labelNames: readonly string[];
}

/** prom-client's gauges whose names end as only counters' may; `promtool check metrics` refuses them. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** These walk over every socket and timer at each reading; with thousands of them nothing else happens meanwhile. */
const WALKING = ['nodejs_active_handles', 'nodejs_active_requests', 'nodejs_active_resources', 'process_open_fds'];

/** Prometheus counts in seconds and bytes; a panel that mixes units lies. */
const OTHER_UNIT =
  /_(ms|millis|milliseconds|micros|microseconds|minutes|hours|days|kb|mb|kib|mib|kilobytes|megabytes)(_|$)/;

/** Values of these grow with the business, and so would the number of time series. */
const UNBOUNDED = /sku|order|member|socket|customer|user|token|address|_id$|^(?:id|ip|url|path|email|key)$/i;

function checked({ name, help, labelNames = [] }: MetricOptions, counter: boolean) {
  if (!/^shelfline_[a-z0-9_]+$/.test(name)) throw new Error(`metric ${name}: names begin with shelfline_, lower case`);
  if (OTHER_UNIT.test(name)) throw new Error(`metric ${name}: units are base units, _seconds and _bytes`);
  if (counter !== name.endsWith('_total')) throw new Error(`metric ${name}: counters, and only they, end in _total`);
  for (const label of labelNames)
    if (UNBOUNDED.test(label)) throw new Error(`metric ${name}: label ${label} has unbounded values`);
  return { name, help, labelNames: [...labelNames] };
}

/** As prom-client has it, but read beside the event loop and not on it. */
function countOpenFiles(registry: Registry): void {
  new Gauge({
    name: 'process_open_fds',
    help: 'Number of open file descriptors.',
    registers: [registry],
    async collect() {
      const files = await readdir('/proc/self/fd').catch(() => undefined);
      // One of them is the folder that is read.
      if (files) this.set(files.length - 1);
    },
  });
}

const WHOLE_KEPT_MS = 1000;

/** One registry a service, with process metrics. */
export class Metrics {
  readonly registry = new Registry();
  private others: (() => Promise<readonly string[]>) | undefined;
  private reading: Promise<string> | undefined;

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry });
    for (const name of [...MISNAMED, ...WALKING]) this.registry.removeSingleMetric(name);
    if (process.platform === 'linux') countOpenFiles(this.registry);
  }

  /** Expositions of other services that are shown beside this one's: a front door shows the whole. */
  include(others: () => Promise<readonly string[]>): void {
    this.others = others;
  }

  /** At most one reading a second, whoever asks how often: every reading costs all services some of their time. */
  wholeText(): Promise<string> {
    if (!this.others) return this.registry.metrics();
    this.reading ??= this.readWhole(this.others).finally(() => {
      setTimeout(() => {
        this.reading = undefined;
      }, WHOLE_KEPT_MS).unref();
    });
    return this.reading;
  }

  private async readWhole(others: () => Promise<readonly string[]>): Promise<string> {
    // The others first: how they answered is among this one's own.
    const texts = await others();
    return mergeExpositions([await this.registry.metrics(), ...texts]);
  }

  /** Everything this service measures itself, for the table in the docs and its test. */
  definitions(): MetricDefinition[] {
    return this.registry
      .getMetricsAsArray()
      .filter(({ name }) => name.startsWith('shelfline_'))
      .map((metric) => {
        const { name, help, type, labelNames } = metric as typeof metric & { readonly labelNames: readonly string[] };
        return { name, help, type: String(type), labelNames };
      });
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
  async whole(@Res() reply: Reply): Promise<void> {
    reply.type(this.metrics.registry.contentType).send(await this.metrics.wholeText());
  }

  /** This process alone: what Prometheus reads when it reads every service itself. */
  @Get('own')
  async own(@Res() reply: Reply): Promise<void> {
    reply.type(this.metrics.registry.contentType).send(await this.metrics.registry.metrics());
  }
}
