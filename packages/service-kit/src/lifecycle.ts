import type { Logger } from './logger.js';

/** In this order: nothing new comes in, what was begun is finished and published, only then are connections closed. */
export const STOP_PHASES = ['http', 'intake', 'drain', 'outbox', 'sockets', 'database'] as const;
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

  /** Signals stop in order (a second one at once); a supervisor that is gone counts as a signal. */
  handleSignals(): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.on(signal, () => {
        if (this.stopping) this.exit(1);
        else void this.stopAndExit(signal);
      });
    if (process.send) process.on('disconnect', () => void this.stopAndExit('the supervisor is gone'));
    process.on('uncaughtException', (error) => this.fail(error));
    process.on('unhandledRejection', (error) => this.fail(error as Error));
  }

  /** The unexpected: going on could step over a record or answer wrongly. The supervisor starts a new process. */
  fail(error: Error): void {
    this.log.fatal({ err: error }, 'unexpected failure; the process ends');
    // Lets the line reach its destination.
    setTimeout(() => this.exit(1), 50);
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
        try {
          await step.stop();
        } catch (error) {
          this.log.warn({ step: step.name, err: error as Error }, 'a step of the stop failed; the others go on');
        }
      }
  }
}
