import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServiceToRun {
  readonly name: string;
  /** Absolute path of the program, which contains the service's name. */
  readonly program: string;
  /** Answers well once it works. */
  readonly readyUrl: string;
  readonly env: Readonly<Record<string, string>>;
}

const FIRST_RESTART_MS = 500;
const LAST_RESTART_MS = 15_000;
/** A service that ran this long has recovered: its next restart is quick again. */
const STEADY_MS = 5_000;
const STOP_LIMIT_MS = 25_000;
const LOOK_EVERY_MS = 250;
const ANSWER_LIMIT_MS = 2000;

/** Keeps services running: one that dies is started again with back-off, and the person is told. */
export class Supervisor {
  private readonly running = new Map<string, ChildProcess>();
  private readonly logs = new Map<string, WriteStream>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private stopping = false;

  constructor(
    private readonly logFolder: string,
    private readonly say: (line: string) => void,
  ) {
    mkdirSync(logFolder, { recursive: true });
  }

  start(service: ServiceToRun): void {
    this.run(service, FIRST_RESTART_MS);
  }

  private run(service: ServiceToRun, restartMs: number): ChildProcess | undefined {
    if (this.stopping) return undefined;
    const log = this.logOf(service.name);
    const startedMs = Date.now();
    // Detached: Ctrl-C reaches only this process, which stops the services in order. The IPC channel tells a service
    // that its supervisor is gone, so that none is left behind.
    const child = spawn(process.execPath, ['--enable-source-maps', service.program], {
      detached: true,
      env: { ...process.env, ...service.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.running.set(service.name, child);
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    child.on('error', (error) => this.say(`${service.name} could not be started: ${error.message}`));
    child.on('exit', (code, signal) => {
      this.running.delete(service.name);
      if (this.stopping) return;
      const ranMs = Date.now() - startedMs;
      const delayMs = ranMs > STEADY_MS ? FIRST_RESTART_MS : restartMs;
      const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
      this.say(
        `${service.name} ${how}; it is started again in ${delayMs / 1000} s (log: ${join(this.logFolder, service.name)}.log)`,
      );
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        const again = this.run(service, Math.min(LAST_RESTART_MS, delayMs * 2));
        if (again) void this.sayWhenBack(service, again);
      }, delayMs);
      this.timers.add(timer);
    });
    return child;
  }

  /** Whoever was told that it ended wants to know when it works again. */
  private async sayWhenBack({ name, readyUrl }: ServiceToRun, child: ChildProcess): Promise<void> {
    const startedMs = Date.now();
    while (!this.stopping && this.running.get(name) === child) {
      const isReady = await fetch(readyUrl, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) }).then(
        (answer) => answer.ok,
        () => false,
      );
      if (isReady) {
        this.say(`${name} is back: it was ready ${((Date.now() - startedMs) / 1000).toFixed(1)} s after its new start`);
        return;
      }
      await sleep(LOOK_EVERY_MS);
    }
  }

  private logOf(name: string): WriteStream {
    let log = this.logs.get(name);
    if (!log) this.logs.set(name, (log = createWriteStream(join(this.logFolder, `${name}.log`), { flags: 'a' })));
    return log;
  }

  /** Front door first, so that nothing new comes in; then the rest drains. A service that hangs is killed. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const timer of this.timers) clearTimeout(timer);
    for (const first of ['gateway', 'connect']) await this.end(first);
    await Promise.all([...this.running.keys()].map((name) => this.end(name)));
    for (const log of this.logs.values()) log.end();
  }

  private async end(name: string): Promise<void> {
    const child = this.running.get(name);
    if (!child || child.exitCode !== null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.say(`${name} did not stop in ${STOP_LIMIT_MS / 1000} s and is killed`);
        child.kill('SIGKILL');
      }, STOP_LIMIT_MS);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      child.kill('SIGTERM');
    });
  }
}
