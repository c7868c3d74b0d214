import type { Figure } from './figures.ts';

/** What a scenario did and saw, for whoever reads its result. */
export class RunRecord {
  readonly faults: Record<string, number> = {};
  readonly notes: string[] = [];
  readonly figures: Figure[] = [];

  count(fault: string, times = 1): void {
    this.faults[fault] = (this.faults[fault] ?? 0) + times;
  }

  /** Worth reading beside the figures. */
  note(text: string): void {
    this.notes.push(text);
  }

  /** Judged beside what may not happen. */
  figure(figure: Figure): void {
    this.figures.push(figure);
  }
}
