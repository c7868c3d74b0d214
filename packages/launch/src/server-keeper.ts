import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalStack } from '@shelfline/local-stack/local-stack';
import type { StackProgress } from '@shelfline/local-stack/progress';

type Exited = Extract<StackProgress, { kind: 'exited' }>;

const FIRST_RESTART_MS = 500;
const LAST_RESTART_MS = 15_000;

export interface ServerKeeperOptions {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly pause?: (ms: number) => Promise<void>;
  readonly nowMs?: () => number;
}

/** Starts a local server again that ended by itself, on its data and old port, with back-off, and tells the person. */
export class ServerKeeper {
  /** Being started again: one that ends while it starts is tried again anyway. */
  private readonly underWay = new Set<string>();
  private stack: Pick<LocalStack, 'kafka' | 'mongodb'> | undefined;

  constructor(private readonly options: ServerKeeperOptions) {}

  /** From now on: a server that ends before is a start that failed. */
  keep(stack: Pick<LocalStack, 'kafka' | 'mongodb'>): void {
    this.stack = stack;
  }

  /** Answers whether it sees to it. */
  exited(event: Exited): boolean {
    const { stack } = this;
    if (!stack || this.options.signal.aborted) return false;
    if (this.underWay.has(event.name)) return true;
    this.underWay.add(event.name);
    void this.startAgain(event, stack).finally(() => this.underWay.delete(event.name));
    return true;
  }

  private async startAgain(event: Exited, { kafka, mongodb }: Pick<LocalStack, 'kafka' | 'mongodb'>): Promise<void> {
    const { say, signal, nowMs = Date.now } = this.options;
    const pause = this.options.pause ?? ((ms: number) => sleep(ms, undefined, { signal }).catch(() => {}));
    const title = event.server === 'kafka' ? `Kafka (${event.name})` : `the MongoDB server (${event.name})`;
    const endedAtMs = nowMs();
    say(
      `${title} ended by itself (${event.signal ?? `code ${event.code}`}); what was acknowledged is kept, the services ` +
        `wait, and it is started again (log: ${event.logFile})`,
    );
    const start = () =>
      event.server === 'kafka' ? kafka.startBroker(Number(/\d+$/.exec(event.name)?.[0])) : mongodb.start();
    for (let delayMs = FIRST_RESTART_MS; ; delayMs = Math.min(LAST_RESTART_MS, delayMs * 2)) {
      await pause(delayMs);
      if (signal.aborted) return;
      try {
        await start();
        say(`${title} is back after ${((nowMs() - endedAtMs) / 1000).toFixed(1)} s`);
        return;
      } catch (error) {
        if (signal.aborted) return;
        say(`${title} could not be started again: ${(error as Error).message} It is tried again.`);
      }
    }
  }
}
