import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { exportJWK, generateKeyPair } from 'jose';
import type { BareKind, BareNews, BareOrder, LoaderNews, LoaderOrder, Report, Usage } from './messages.ts';

const here = import.meta.dirname;
const START_WITHIN_MS = 60_000;

export interface ServerUnderTest {
  readonly port: number;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended(child);
  clearTimeout(timer);
}

/** The next message of a kind. */
function next<T extends { type: string }, K extends T['type']>(child: ChildProcess, type: K): Promise<T & { type: K }> {
  const { promise, resolve, reject } = Promise.withResolvers<T & { type: K }>();
  const onMessage = (news: T): void => {
    if (news.type !== type) return;
    child.off('message', onMessage);
    child.off('exit', onExit);
    resolve(news as T & { type: K });
  };
  const onExit = (): void => reject(new Error(`a process of the bench ended before it said "${type}"`));
  child.on('message', onMessage);
  child.once('exit', onExit);
  return promise;
}

export class BareServer implements ServerUnderTest {
  readonly port: number;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.child = child;
    this.port = port;
  }
  static async start(kind: BareKind): Promise<BareServer> {
    const child = fork(join(here, 'bare-server.ts'), [kind]);
    const { port } = await next<BareNews, 'listening'>(child, 'listening');
    return new BareServer(child, port);
  }
  change(skus: readonly string[]): void {
    this.child.send({ type: 'change', skus } satisfies BareOrder);
  }
  usage(): Promise<Usage> {
    const answer = next<BareNews, 'usage'>(this.child, 'usage');
    this.child.send({ type: 'usage' } satisfies BareOrder);
    return answer;
  }
  stop(): Promise<void> {
    return stop(this.child);
  }
}

export class Loader {
  private readonly child = fork(join(here, 'loader.ts'));
  onProgress: (updates: number) => void = () => {};

  constructor() {
    this.child.on('message', (news: LoaderNews) => {
      if (news.type === 'progress') this.onProgress(news.updates);
    });
  }
  async connect(order: Omit<LoaderOrder & { type: 'connect' }, 'type'>): Promise<void> {
    const answer = next<LoaderNews, 'connected'>(this.child, 'connected');
    this.child.send({ type: 'connect', ...order } satisfies LoaderOrder);
    await answer;
  }
  /** Delays are taken of each so many-th update; 0 = of none. */
  reset({ timeEvery }: { timeEvery: number }): void {
    this.child.send({ type: 'reset', timeEvery } satisfies LoaderOrder);
  }
  report(): Promise<Report> {
    const answer = next<LoaderNews, 'report'>(this.child, 'report');
    this.child.send({ type: 'report' } satisfies LoaderOrder);
    return answer;
  }
  async close(): Promise<void> {
    const answer = next<LoaderNews, 'closed'>(this.child, 'closed');
    this.child.send({ type: 'close' } satisfies LoaderOrder);
    await answer;
  }
  stop(): Promise<void> {
    return stop(this.child);
  }
}

/** The real gateway, as it is deployed: a process of its own, fed by Kafka. */
export class GatewayProcess implements ServerUnderTest {
  readonly port: number;
  readonly token: string;
  private readonly child: ChildProcess;
  private readonly folder: string;

  private constructor(child: ChildProcess, port: number, token: string, folder: string) {
    this.child = child;
    this.port = port;
    this.token = token;
    this.folder = folder;
  }

  static async start(options: { brokers: string; prefix: string; tickMs: number }): Promise<GatewayProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'shelfline-bench-'));
    const keys = await writeKeys(folder);
    const child = spawn(process.execPath, [join(here, '../../../services/gateway/dist/main.js')], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        // As it is started everywhere (packages/launch, deploy): see services/gateway/README.md.
        NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --max-semi-space-size=4`,
        ...keys,
        KAFKA_BROKERS: options.brokers,
        TOPIC_PREFIX: options.prefix,
        PUSH_TICK_MS: String(options.tickMs),
        PORT: '0',
        SHELFLINE_MODE: 'development',
      },
    });
    try {
      const address = await listening(child);
      const answer = await fetch(new URL('/api/auth/dev-token?role=storefront', address));
      const { token } = (await answer.json()) as { token: string };
      return new GatewayProcess(child, Number(new URL(address).port), token, folder);
    } catch (error) {
      await stop(child);
      throw error;
    }
  }

  async usage(): Promise<Usage> {
    const text = await (await fetch(`http://127.0.0.1:${this.port}/metrics`)).text();
    const valueOf = (name: string): number =>
      Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, 'm').exec(text)?.[1]);
    return { cpuSeconds: valueOf('process_cpu_seconds_total'), rssBytes: valueOf('process_resident_memory_bytes') };
  }

  async stop(): Promise<void> {
    await stop(this.child);
    rmSync(this.folder, { recursive: true });
  }
}

async function writeKeys(folder: string): Promise<{ AUTH_DEV_KEY_FILE: string; AUTH_JWKS_FILE: string }> {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const use = { kid: 'bench', alg: 'EdDSA', use: 'sig' };
  const files = { AUTH_DEV_KEY_FILE: join(folder, 'private.jwk'), AUTH_JWKS_FILE: join(folder, 'jwks.json') };
  writeFileSync(files.AUTH_DEV_KEY_FILE, JSON.stringify({ ...(await exportJWK(pair.privateKey)), ...use }), {
    mode: 0o600,
  });
  writeFileSync(files.AUTH_JWKS_FILE, JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), ...use }] }));
  return files;
}

/** The address in the line that says so. */
async function listening(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const said: string[] = [];
  const fail = (reason: string): void => reject(new Error(`the gateway ${reason}:\n${said.slice(-5).join('\n')}`));
  const timer = setTimeout(() => fail(`did not start in ${START_WITHIN_MS} ms`), START_WITHIN_MS);
  child.once('exit', () => fail('ended while starting'));
  createInterface({ input: child.stdout! }).on('line', (line) => {
    said.push(line);
    const address = /"address":"(http[^"]+)"/.exec(line)?.[1];
    if (address) resolve(address);
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}
