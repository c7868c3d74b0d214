import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePorts } from '@shelfline/local-stack/free-port';
import { writeDevKeyFiles } from '@shelfline/service-kit/auth';
import mongoose from 'mongoose';

const checkout = join(import.meta.dirname, '../..');
type Role = 'ops' | 'integrator' | 'storefront' | 'store';

const TRACKING_KEY = `e2e:${'of-these-specs'.repeat(4)}`;

export async function until<T>(
  ask: () => Promise<T | undefined> | T | undefined,
  what: string,
  timeoutMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await ask();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

/** Every service as a process of its own, behind one front door, on servers from the environment. */
export class WholeSystem {
  readonly prefix = `e2e-${process.pid}-${Date.now()}.`;
  private readonly databases = `e2e_${process.pid}_${Date.now()}`;
  private readonly folder = mkdtempSync(join(tmpdir(), 'shelfline-e2e-'));
  private readonly processes = new Map<string, ChildProcess>();
  private readonly tokens = new Map<Role, string>();
  private readonly environment = new Map<string, Record<string, string>>();
  address = '';

  /** `more`: settings of one service beside the usual ones. */
  async start(more: Readonly<Record<string, Readonly<Record<string, string>>>> = {}): Promise<void> {
    const ports = await findFreePorts(5);
    const [gateway, catalog, inventory, connect, orders] = ports.map((port) => `http://127.0.0.1:${port}`) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const keys = await writeDevKeyFiles(join(this.folder, 'keys'));
    const shared = {
      KAFKA_BROKERS: process.env['KAFKA_BROKERS']!,
      MONGODB_URI: process.env['MONGODB_URI']!,
      TOPIC_PREFIX: this.prefix,
      TOPIC_PARTITIONS: '4',
      SHELFLINE_MODE: 'development',
      AUTH_JWKS_FILE: keys.publicKeys,
      LOG_LEVEL: 'warn',
      GROUP_SESSION_TIMEOUT_MS: '6000',
      TICK_EVERY_MS: '200',
    };
    const own = {
      CATALOG_URL: catalog,
      INVENTORY_URL: inventory,
      CONNECT_URL: connect,
      ORDERS_URL: orders,
      AUTH_DEV_KEY_FILE: keys.privateKey,
      TRACKING_KEYS: TRACKING_KEY,
      CONSOLE_FOLDER: join(checkout, 'services/console/dist'),
    };
    const addresses = { catalog, inventory, connect, orders, gateway };
    for (const [name, address] of Object.entries(addresses))
      this.environment.set(name, {
        ...shared,
        PORT: new URL(address).port,
        MONGODB_DATABASE: `${this.databases}_${name}`,
        ...(name === 'gateway' ? own : {}),
        // Longer than any spec: what goes on earlier goes on because stock has come.
        ...(name === 'orders'
          ? { ORDER_RETRY_MS: '600000', TRACKING_KEYS: TRACKING_KEY, TRACKING_LINK_BASE: `${gateway}/track` }
          : {}),
        ...(name === 'connect' ? { IMPORT_FOLDER: join(this.folder, 'imports') } : {}),
        ...more[name],
      });
    this.address = gateway;
    for (const name of this.environment.keys()) this.startService(name);
    await this.untilReady();
  }

  startService(name: string): void {
    const child = spawn(join(checkout, 'node_modules/.bin/node'), [join(checkout, `services/${name}/dist/main.js`)], {
      env: { ...process.env, ...this.environment.get(name) },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.processes.set(name, child);
  }

  /** SIGKILL, as a crash would; resolves when it is gone. */
  async kill(name: string): Promise<void> {
    const child = this.processes.get(name)!;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async untilReady(): Promise<void> {
    await until(
      async () => {
        const response = await fetch(`${this.address}/health/ready`).catch(() => undefined);
        return response?.ok ? true : undefined;
      },
      'the whole system ready',
      90_000,
    );
  }

  async token(role: Role): Promise<string> {
    const known = this.tokens.get(role);
    if (known) return known;
    const { token } = (await (await fetch(`${this.address}/api/auth/dev-token?role=${role}`)).json()) as {
      token: string;
    };
    this.tokens.set(role, token);
    return token;
  }

  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    role: Role | null = 'ops',
    contentType = 'application/json',
  ): Promise<Answer<T>> {
    const response = await fetch(this.address + path, {
      method,
      headers: {
        ...(role ? { authorization: `Bearer ${await this.token(role)}` } : {}),
        ...(body === undefined ? {} : { 'content-type': contentType }),
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, body: (json ? JSON.parse(text) : text) as T };
  }

  async untilRuleInForce(version: number): Promise<void> {
    await until(async () => {
      const { body } = await this.call<{ version: number }>('GET', '/api/orders/routing/rules/in-force?channel=web');
      return body.version === version ? true : undefined;
    }, `version ${version} in force`);
  }

  /** On-hand units by `sku@location`, all pages. */
  async levels(): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    let cursor = '';
    for (;;) {
      const { body } = await this.call<{
        items: { sku: string; location: string; onHand: number }[];
        next: string | null;
      }>('GET', `/api/inventory/levels?limit=1000${cursor}`);
      for (const { sku, location, onHand } of body.items) found.set(`${sku}@${location}`, onHand);
      if (body.next === null) return found;
      cursor = `&cursor=${encodeURIComponent(body.next)}`;
    }
  }

  async stop(): Promise<void> {
    await Promise.all(
      [...this.processes.values()]
        .filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
        .map((child) => {
          const ended = new Promise((resolve) => child.once('exit', resolve));
          child.kill('SIGTERM');
          return ended;
        }),
    );
    const connection = await mongoose.createConnection(process.env['MONGODB_URI']!).asPromise();
    const names = [...this.environment.keys()];
    await Promise.all(names.map((name) => connection.useDb(`${this.databases}_${name}`).dropDatabase()));
    await connection.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
