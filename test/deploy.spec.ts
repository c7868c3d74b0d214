import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { kafkaEnvironment } from '@shelfline/local-stack/docker-kafka-environment';
import { KAFKA_IMAGE, MONGODB_IMAGE } from '@shelfline/local-stack/docker-servers';
import { REPLICA_SET } from '@shelfline/local-stack/replica-set';
import { describeConfig, loadConfig } from '@shelfline/service-kit/config';
import { parse } from 'yaml';
import { CatalogConfig } from '../services/catalog/src/config.js';
import { ConnectConfig } from '../services/connect/src/config.js';
import { GatewayConfig } from '../services/gateway/src/config.js';
import { InventoryConfig } from '../services/inventory/src/config.js';
import { OrdersConfig } from '../services/orders/src/config.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sorted = (names: readonly string[]) => names.toSorted((a, b) => a.localeCompare(b));
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly args: { readonly SERVICE: string } };
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly command?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, null>>;
};
const serviceOf = (name: string): ComposeService => {
  const service = compose.services[name];
  if (!service) throw new Error(`docker-compose.yml has no service ${name}`);
  return service;
};

const CONFIGS = {
  catalog: CatalogConfig,
  inventory: InventoryConfig,
  connect: ConnectConfig,
  orders: OrdersConfig,
  gateway: GatewayConfig,
};
const NAMES = Object.keys(CONFIGS) as (keyof typeof CONFIGS)[];

describe('docker-compose.yml', () => {
  it('runs every service that is a process of its own, each from the one Dockerfile', () => {
    const folders = readdirSync(join(root, 'services')).filter((name) =>
      existsSync(join(root, `services/${name}/src/main.ts`)),
    );
    expect(sorted(folders)).toEqual(sorted(NAMES));
    for (const name of NAMES) {
      expect(serviceOf(name).build).toEqual({ context: '.', args: { SERVICE: name } });
      expect(sorted(Object.keys(serviceOf(name).depends_on ?? {}))).toEqual(['dev-keys', 'kafka', 'mongodb']);
    }
    expect(read('Dockerfile')).toContain('HEALTHCHECK');
    expect(read('Dockerfile')).toContain('/health/live');
    expect(read('Dockerfile')).toMatch(/^USER node$/m);
  });

  it.each(NAMES)('gives %s variables that it reads, and all it needs', (name) => {
    const environment = serviceOf(name).environment ?? {};
    const known = describeConfig(CONFIGS[name]).map((variable) => variable.name);
    expect(Object.keys(environment).filter((variable) => !known.includes(variable))).toEqual([]);
    expect(loadConfig(CONFIGS[name], environment)).toMatchObject({
      HOST: '0.0.0.0',
      KAFKA_BROKERS: ['broker-1:19092'],
      SHELFLINE_MODE: 'development',
    });
  });

  it('leads the gateway to where the others listen, and Prometheus to all', () => {
    const port = (name: string) => Number(serviceOf(name).environment?.['PORT']);
    const gateway = serviceOf('gateway').environment ?? {};
    for (const name of ['catalog', 'inventory', 'connect', 'orders'])
      expect(gateway[`${name.toUpperCase()}_URL`]).toBe(`http://${name}:${port(name)}`);
    expect(serviceOf('gateway').ports).toEqual([`127.0.0.1:${port('gateway')}:${port('gateway')}`]);
    const { scrape_configs: scrapes } = parse(read('deploy/prometheus/prometheus.yml')) as {
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
    };
    const targets = scrapes.find(({ job_name: job }) => job === 'shelfline')?.static_configs.flatMap((s) => s.targets);
    expect(sorted(targets ?? [])).toEqual(sorted(NAMES.map((name) => `${name}:${port(name)}`)));
  });

  it('runs the servers that the local stack runs, set up alike', () => {
    const kafka = serviceOf('kafka');
    expect(kafka.image).toBe(KAFKA_IMAGE);
    expect(kafka.environment).toEqual(kafkaEnvironment(1, 1, 9092));
    const mongodb = serviceOf('mongodb');
    expect(mongodb.image).toBe(MONGODB_IMAGE);
    expect(mongodb.command).toEqual(expect.arrayContaining(['--replSet', REPLICA_SET]));
    expect(mongodb.healthcheck?.test?.join(' ')).toContain(`_id: '${REPLICA_SET}'`);
    expect(serviceOf('catalog').environment?.['MONGODB_URI']).toContain(`replicaSet=${REPLICA_SET}`);
  });

  it('publishes on loopback only, pins every image, and checks the health of all', () => {
    const services = Object.entries(compose.services);
    const published = services.flatMap(([, { ports = [] }]) => ports);
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    const fetched = services.filter(([, { build }]) => !build);
    const unpinned = fetched.filter(([, { image }]) => !/:[\w.]*\d/.test(image));
    expect(unpinned.map(([name]) => name)).toEqual([]);
    const unchecked = fetched.filter(([, { healthcheck }]) => healthcheck?.test?.[0] !== 'CMD');
    expect(unchecked.map(([name]) => name)).toEqual([]);
  });

  it('mounts what exists', () => {
    const mounts = Object.values(compose.services).flatMap(({ volumes = [] }) => volumes.map((v) => v.split(':')[0]!));
    const exists = (source: string) =>
      source.startsWith('.') ? existsSync(join(root, source)) : Object.hasOwn(compose.volumes, source);
    expect(mounts.filter((source) => !exists(source))).toEqual([]);
  });
});

/** What promtool finds wrong; '' = nothing. Without it the rules would be checked nowhere before they are needed. */
function faultsFoundByPromtool(...args: string[]): string {
  const { error, status, stdout, stderr } = spawnSync('promtool', args, { cwd: root, encoding: 'utf8' });
  if (error)
    throw new Error(
      'promtool is not installed, so the alert rules cannot be checked. Install it: apt-get install prometheus (Debian), brew install prometheus (macOS).',
    );
  return status === 0 ? '' : `promtool ${args.join(' ')}:\n${stdout}${stderr}`;
}

const RULE_FILES = globSync('deploy/prometheus/rules/*.yml', { cwd: root });
const TEST_FILES = globSync('deploy/prometheus/tests/*.yml', { cwd: root });

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: { readonly severity?: string };
  readonly annotations?: Readonly<Record<string, string>>;
}
const rules = RULE_FILES.flatMap((file) =>
  (parse(read(file)) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules),
);
const alerts = rules.filter((rule) => rule.alert !== undefined);

describe('alert rules', () => {
  it('are rules, in a configuration that loads, and pass their tests', () => {
    expect(faultsFoundByPromtool('check', 'config', 'deploy/prometheus/prometheus.yml')).toBe('');
    expect(faultsFoundByPromtool('check', 'rules', ...RULE_FILES)).toBe('');
    expect(faultsFoundByPromtool('test', 'rules', ...TEST_FILES)).toBe('');
  }, 120_000);

  it('each say what, how bad and what to do, and have a chapter in the runbook', () => {
    const chapters = [...read('deploy/RUNBOOK.md').matchAll(/^## (\w+)$/gm)].map(([, title]) => title);
    expect(sorted(alerts.map(({ alert }) => alert!))).toEqual(sorted(chapters.map((chapter) => chapter!)));
    for (const { alert, labels, annotations } of alerts) {
      expect(['page', 'ticket']).toContain(labels?.severity);
      expect(annotations).toEqual({
        summary: expect.stringMatching(/\w/),
        description: expect.stringMatching(/\w/),
        runbook_url: `deploy/RUNBOOK.md#${alert?.toLowerCase()}`,
      });
    }
  });

  it('each have a test that fires and one that stays silent', () => {
    const tested = TEST_FILES.flatMap((file) =>
      (
        parse(read(file)) as { tests: { alert_rule_test: { alertname: string; exp_alerts: object[] }[] }[] }
      ).tests.flatMap((test) => test.alert_rule_test),
    );
    for (const { alert } of alerts) {
      const counts = tested.filter(({ alertname }) => alertname === alert).map(({ exp_alerts: found }) => found.length);
      expect([alert, counts.some((n) => n > 0), counts.includes(0)]).toEqual([alert, true, true]);
    }
  });
});

describe('metric names', () => {
  const source = globSync('{packages,services}/*/src/**/*.ts', {
    cwd: root,
    exclude: (file) => file.endsWith('.spec.ts'),
  })
    .map(read)
    .join('\n');
  const registered = new Set([...source.matchAll(/'(shelfline_[a-z0-9_]+)'/g)].map(([, name]) => name!));
  const recorded = new Set(rules.flatMap(({ record }) => (record === undefined ? [] : [record])));
  const unknownIn = (text: string) =>
    [...text.matchAll(/\bshelfline[_:][a-zA-Z0-9_:]+/g)]
      .map(([name]) => name)
      .filter((name) => !recorded.has(name) && !registered.has(name.replace(/_(bucket|count|sum)$/, '')));

  it('in rules are those of the code', () => {
    expect(unknownIn(rules.map(({ expr }) => expr).join('\n'))).toEqual([]);
  });

  it('on dashboards are those of the code', () => {
    for (const file of globSync('deploy/grafana/dashboards/*.json', { cwd: root })) {
      const { panels } = JSON.parse(read(file)) as { panels: { targets?: { expr: string }[] }[] };
      const shown = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
      expect(shown.length).toBeGreaterThan(0);
      expect(unknownIn(shown.join('\n'))).toEqual([]);
    }
  });
});

describe('ARCHITECTURE.md', () => {
  it('has the tables of topics, variables, metrics, REST paths and alerts that the code gives', () => {
    const { status, stderr } = spawnSync(process.execPath, ['tools/docs-tables.mjs', '--check'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });
});
