import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { until } from './connect-rig.js';

const MAIN = join(import.meta.dirname, '../../dist/main.js');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** The service as a process of its own, as it is deployed, so that it can be killed and its memory measured. */
export class ConnectProcess {
  private constructor(
    readonly address: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(
    environment: Record<string, string>,
    nodeOptions: readonly string[] = [],
  ): Promise<ConnectProcess> {
    if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: run "npm run build" before this spec`);
    const port = await freePort();
    const child = spawn(process.execPath, [...nodeOptions, MAIN], {
      env: { PATH: process.env['PATH'], ...environment, PORT: String(port) },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const address = `http://127.0.0.1:${port}`;
    const isReady = () =>
      fetch(`${address}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    await until(async () => child.exitCode !== null || (await isReady()), 'the process is ready');
    if (child.exitCode !== null) throw new Error(`the process ended with ${child.exitCode}`);
    return new ConnectProcess(address, child);
  }

  async residentBytes(): Promise<number> {
    const text = await (await fetch(`${this.address}/metrics`)).text();
    return Number(/^process_resident_memory_bytes\S* (\S+)/m.exec(text)?.[1]);
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    await exited;
  }
}
