import { type RunnerParts, runImport } from './import-runner.js';
import type { ImportRecord } from './imports.repository.js';

const POLL_MS = 1000;
const RETRY_DELAY_MS = 2000;
const MAX_ATTEMPTS_WITHOUT_PROGRESS = 20;
const SWEEP_EVERY_MS = 60 * 60 * 1000;

/** Works through waiting imports, one at a time; instances share them by leases in MongoDB. */
export class ImportWorker {
  private readonly stopping = new AbortController();
  private woken = new AbortController();
  private running: Promise<void> | undefined;
  private sweptAtMs = 0;

  constructor(
    private readonly parts: RunnerParts,
    private readonly retentionMs: number,
  ) {}

  start(): void {
    this.running ??= this.work();
  }

  /** Looks for work at once: an upload has just arrived. */
  wake(): void {
    this.woken.abort();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.running;
  }

  private async work(): Promise<void> {
    const { clock, log } = this.parts;
    while (!this.stopping.signal.aborted) {
      let delayMs = POLL_MS;
      try {
        if (await this.workOnce()) continue;
        await this.sweep();
      } catch (error) {
        // Kafka, MongoDB or the disk: what is saved stands, the same import is claimed again after a while.
        log.error({ err: error as Error }, 'an import was interrupted and will be continued');
        delayMs = RETRY_DELAY_MS;
      }
      await clock.sleep(delayMs, AbortSignal.any([this.woken.signal, this.stopping.signal]));
      this.woken = new AbortController();
    }
  }

  private async workOnce(): Promise<boolean> {
    const { repository, owner, leaseMs, metrics, files, log } = this.parts;
    const job = await repository.claim(owner, leaseMs);
    if (!job) return false;
    if (job.attempts > MAX_ATTEMPTS_WITHOUT_PROGRESS) {
      await this.giveUp(job);
      return true;
    }
    const result = await runImport(job, this.parts, this.stopping.signal);
    if (this.stopping.signal.aborted && result === 'left') {
      await repository.release(job.id, owner);
      return true;
    }
    const state = result === 'left' ? (await repository.find(job.id))?.state : result;
    if (state === 'completed' || state === 'failed') {
      await files.removeUpload(job.id);
      metrics.imports.inc({ kind: job.kind, state });
    }
    log.info({ import: job.id, kind: job.kind, result }, 'a worker has left an import');
    return true;
  }

  private async giveUp({ id, kind }: ImportRecord): Promise<void> {
    const { repository, clock, owner, metrics } = this.parts;
    const detail =
      `The import was interrupted ${MAX_ATTEMPTS_WITHOUT_PROGRESS} times at the same place and was given up. The rows ` +
      'counted so far are imported; the service’s log says what stopped it. Send the file again once that is mended.';
    if (await repository.finish(id, owner, 'failed', new Date(clock.now()), detail))
      metrics.imports.inc({ kind, state: 'failed' });
  }

  private async sweep(): Promise<void> {
    const { files, clock, repository, log } = this.parts;
    if (clock.now() - this.sweptAtMs < SWEEP_EVERY_MS) return;
    this.sweptAtMs = clock.now();
    const isWanted = async (id: string) => (await repository.find(id))?.state === 'running';
    const removed = await files.sweep(this.retentionMs, isWanted);
    if (removed > 0) log.info({ removed }, 'old files of imports were removed');
  }
}
