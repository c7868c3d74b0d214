import type { CommittedState } from './committed-state.ts';

/** How long committed states have been waiting to be written, as far as it was looked. */
export class UnwrittenAge {
  private seenAtMs = new Map<string, { readonly partition: number; readonly atMs: number }>();
  private lookedAtMs = 0;
  private readonly state: CommittedState;

  constructor(state: CommittedState) {
    this.state = state;
  }

  async look(): Promise<void> {
    const nowMs = Date.now();
    const images = await this.state.unwrittenImages();
    this.seenAtMs = new Map(
      images.map(({ id, partition }) => [id, this.seenAtMs.get(id) ?? { partition, atMs: nowMs }]),
    );
    this.lookedAtMs = nowMs;
  }

  /** Of the oldest, as of the last look. */
  ofMs(partition: number): number {
    return Math.max(0, ...this.of(partition).map(({ atMs }) => this.lookedAtMs - atMs));
  }

  /** Stored documents with states in them. */
  copiesOf(partition: number): number {
    return this.of(partition).length;
  }

  private of(partition: number): { readonly atMs: number }[] {
    return [...this.seenAtMs.values()].filter((one) => one.partition === partition);
  }
}
