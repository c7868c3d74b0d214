import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const checkout = join(import.meta.dirname, '../..');
const STOP_GRACE_MS = 25_000;

const running = new Set<ChildProcess>();
/** None outlives the run, however it ends; one that is frozen takes this signal too. */
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface ServiceCommand {
  /** Folder under services/. */
  readonly service: string;
  /** Of this instance; also names its log file. */
  readonly name: string;
  readonly address: string;
  readonly readyPath: string;
  readonly logFile: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A service as it is deployed: one process, begun again at once by whoever supervises it when it ends. */
export class ServiceProcess {
  private readonly command: ServiceCommand;
  private child: ChildProcess | undefined;
  private wanted = false;
  /** How it ended each time without being told to, with the last line of its log. */
  readonly endsByItself: string[] = [];

  constructor(command: ServiceCommand) {
    this.command = command;
  }

  get name(): string {
    return this.command.name;
  }

  get address(): string {
    return this.command.address;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    this.wanted = true;
    const log = openSync(this.command.logFile, 'a');
    // A session of its own: Ctrl-C in a terminal reaches the rig alone, which ends services in order.
    const child = spawn(
      join(checkout, 'node_modules/.bin/node'),
      [join(checkout, `services/${this.command.service}/dist/main.js`)],
      { stdio: ['ignore', log, log], env: { ...process.env, ...this.command.env }, detached: true },
    );
    closeSync(log);
    running.add(child);
    this.child = child;
    child.once('exit', (code, signal) => {
      running.delete(child);
      if (!this.wanted || this.child !== child) return;
      this.endsByItself.push(
        `${new Date().toISOString()} ${this.name} ended by itself (${signal ?? code}): ${lastLine(this.command.logFile)}`,
      );
      this.start();
    });
  }

  /** SIGKILL, as a crash would; resolves when it is gone. */
  async kill(): Promise<void> {
    this.wanted = false;
    await end(this.child, 'SIGKILL');
  }

  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    this.wanted = false;
    this.thaw();
    const timer = setTimeout(() => this.child?.kill('SIGKILL'), STOP_GRACE_MS);
    await end(this.child, 'SIGTERM');
    clearTimeout(timer);
  }

  async isReady(): Promise<boolean> {
    const answer = await fetch(this.address + this.command.readyPath, { signal: AbortSignal.timeout(3000) });
    await answer.arrayBuffer();
    return answer.ok;
  }

  /** Sum of a metric over its labels. */
  async metric(name: string): Promise<number> {
    return (await this.metricLines(name)).reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  }

  /** Partitions of a topic that it owns and has applied something of. */
  async partitionsOf(topic: string): Promise<number[]> {
    const lines = await this.metricLines('shelfline_stream_checkpoint_timestamp_seconds');
    return lines
      .filter((line) => line.includes(`topic="${topic}"`))
      .map((line) => Number(/partition="(\d+)"/.exec(line)![1]));
  }

  private async metricLines(name: string): Promise<string[]> {
    const answer = await fetch(`${this.address}/metrics`, { signal: AbortSignal.timeout(3000) });
    return (await answer.text()).split('\n').filter((line) => line.startsWith(`${name}{`));
  }

  /** What it has logged since a moment, by its own clock. */
  logged(message: string, topic: string, sinceMs: number): { readonly atMs: number; readonly partition?: number }[] {
    return readFileSync(this.command.logFile, 'utf8')
      .split('\n')
      .filter((line) => line.includes(`"msg":"${message}"`))
      .map((line) => JSON.parse(line) as { time: string; topic?: string; partition?: number })
      .map((line) => ({ ...line, atMs: Date.parse(line.time) }))
      .filter((line) => line.topic === topic && line.atMs >= sinceMs);
  }
}

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}

/** Services log JSON; of an error its kind, its text and where in our own code it came from say enough. */
function lastLine(file: string): string {
  const line = readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  try {
    const { msg, err } = JSON.parse(line) as { msg: string; err?: { type: string; message: string; stack: string } };
    if (!err) return msg;
    const places = err.stack.match(/[\w.]+ \(file:\S+/g)?.map((place) => place.replace(/\(file:\S*\//, '('));
    return `${msg}: ${err.type}: ${err.message}${places ? ` [${places.join(') < ')})]` : ''}`;
  } catch {
    return line;
  }
}
