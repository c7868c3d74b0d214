import { createHash } from 'node:crypto';

/** Of every history the hash is kept, of those that somebody reads so many lines. */
const KEPT_LINES = 100_000;
/** Many lines at once: a call costs more than a line. */
const HASHED_CHARACTERS = 16_384;

/** What happened, step by step: the same for the same plan, whatever else runs on this computer. */
export class Trace {
  readonly lines: string[] = [];
  private readonly isRead: boolean;
  private readonly sum = createHash('sha1');
  private unhashed = '';

  constructor(isRead: boolean) {
    this.isRead = isRead;
  }

  note(line: string): void {
    this.unhashed += line;
    if (this.unhashed.length > HASHED_CHARACTERS) this.hashOn();
    if (this.isRead && this.lines.length < KEPT_LINES) this.lines.push(line);
  }

  get hash(): string {
    this.hashOn();
    return this.sum.copy().digest('hex');
  }

  private hashOn(): void {
    this.sum.update(this.unhashed);
    this.unhashed = '';
  }
}
