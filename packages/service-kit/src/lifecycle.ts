import { ConfigError } from './config.js';
import type { Logger } from './logger.js';

/**
 * In this order: nothing new comes in, what was begun is finished and published, only then are connections closed.
 * `application` is Nest's own end (its modules' destroy hooks); within a phase, what was registered first goes first.
 */
export const STOP_PHASES = ['http', 'intake', 'drain', 'outbox', 'sockets', 'application', 'database'] as const;
export type StopPhase = (typeof STOP_PHASES)[number];

interface Step {
  readonly phase: StopPhase;
  readonly name: string;
  readonly stop: () => unknown;
}

/** Ordered stop, and the end of the process on whatever was not expected. */
export class Lifecycle {
  private readonly steps: Step[] = [];
  private stopping: Promise<void> | undefined;

  constructor(
    private readonly log: Logger,
    private readonly stopTimeoutMs: number,
    private readonly exit: (code: number) => void = (code) => process.exit(code),
  ) {}

  onStop(phase: StopPhase, name: string, stop: () => unknown): void {
    this.steps.push({ phase, name, stop });
  }

  get isStopping(): boolean {
    return this.stopping !== undefined;
  }

  /** Signals stop in order (a second one at once); a supervisor that is gone counts as a signal. */
  handleSignals(): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.on(signal, () => {
        if (this.stopping) this.exit(1);
        else void this.stopAndExit(signal);
      });
    if (process.send) process.on('disconnect', () => void this.stopAndExit('the supervisor is gone'));
    process.on('uncaughtException', (error) => this.fail(error));
    process.on('unhandledRejection', (reason) =>
      this.fail(reason instanceof Error ? reason : new Error(String(reason))),
    );
  }

  /** The unexpected: going on could step over a record or answer wrongly. The supervisor starts a new process. */
  fail(error: Error): void {
    // A configuration error is meant for people as it stands; its stack says nothing more.
    if (error instanceof ConfigError) this.log.fatal(error.message);
    else this.log.fatal({ err: error }, 'unexpected failure; the process ends');
    this.exit(1);
  }

  stop(): Promise<void> {
    this.stopping ??= this.runSteps();
    return this.stopping;
  }

  private async stopAndExit(reason: string): Promise<void> {
    this.log.info({ reason }, 'stopping');
    const timer = setTimeout(() => {
      this.log.error({ stopTimeoutMs: this.stopTimeoutMs }, 'the stop took too long; the process ends as it is');
      this.exit(1);
    }, this.stopTimeoutMs);
    await this.stop();
    clearTimeout(timer);
    this.exit(0);
  }

  private async runSteps(): Promise<void> {
    for (const phase of STOP_PHASES)
      for (const step of this.steps.filter((s) => s.phase === phase)) {
        this.log.debug({ phase, step: step.name }, 'stopping');
        try {
          await step.stop();
        } catch (error) {
          this.log.warn({ step: step.name, err: error as Error }, 'a step of the stop failed; the others go on');
        }
      }
  }
}
