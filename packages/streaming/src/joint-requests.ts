import type { RecordsToSend } from './records-to-send.js';
import type { TurnTiming } from './turn-timing.js';

/** One partition's part of a produce request. */
export interface RequestPart {
  readonly topic: string;
  readonly partition: number;
  readonly records: RecordsToSend;
}
/** What the brokers answered for one partition. */
export interface PartAnswer {
  readonly topicName: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly baseOffset?: string | undefined;
  /** Ms UTC; -1 where the topic keeps the producers' times. */
  readonly logAppendTime?: string | undefined;
}

/** Where the first record of a part stands, and when it was appended. */
export interface Confirmed {
  readonly offset: number;
  readonly appendedAtMs: number;
}

interface Pending extends RequestPart {
  readonly bytes: number;
  resolve(confirmed: Confirmed): void;
  reject(error: Error): void;
}

export interface JointRequestsOptions extends TurnTiming {
  /** One attempt, to every leader at once; rejects when any of them fails. */
  readonly request: (parts: readonly RequestPart[]) => Promise<readonly PartAnswer[]>;
  /** Tries until it is confirmed or given up. */
  readonly alone: (part: RequestPart) => Promise<Confirmed>;
}

/** Far below the broker's `socket.request.max.bytes`, and little enough not to hold small sends up behind large ones. */
const MAX_REQUEST_BYTES = 2 * 1024 * 1024;
/** Less waits for the request that is under way: what is ready by then shares the next one. */
const WORTH_A_SECOND_BYTES = 64 * 1024;
/** One that takes longer holds up nobody else: a broker may have gone silent. */
const PATIENCE_MS = 25;

/** When the broker confirmed exactly this partition. */
export function confirmationOf(
  answers: readonly PartAnswer[],
  { topic, partition }: Pick<RequestPart, 'topic' | 'partition'>,
): Confirmed | undefined {
  const own = answers.filter((answer) => answer.topicName === topic && answer.partition === partition);
  if (own.length !== 1 || own[0]!.errorCode !== 0 || own[0]!.baseOffset === undefined) return undefined;
  const offset = Number(own[0]!.baseOffset);
  return offset >= 0 ? { offset, appendedAtMs: Number(own[0]!.logAppendTime ?? -1) } : undefined;
}

/**
 * Lets partitions whose turn it is at the same moment share one request: a batch's levels, availability and movements
 * then cost one round trip and not one each; and little waits a moment for the request that is under way, so the busier
 * the brokers are, the more goes at once. Sharing is only ever the first attempt: a part that the answer does not
 * confirm by name, error 0 and offset goes again alone, so that a partition in trouble holds no other up, and nothing
 * is taken for sent because something beside it was.
 */
export class JointRequests {
  private pending: Pending[] = [];
  private pendingBytes = 0;
  /** The newest request, until it is answered: the only one that is waited for, so a silent broker is waited for once. */
  private underWay: readonly Pending[] | undefined;
  /** Somebody calls back at the end of this turn. */
  private isCalled = false;
  private cancelPatience: (() => void) | undefined;

  constructor(private readonly options: JointRequestsOptions) {}

  /** At most one part of a partition at a time. */
  send(part: RequestPart, bytes: number): Promise<Confirmed> {
    return new Promise((resolve, reject) => {
      if (this.pendingBytes + bytes > MAX_REQUEST_BYTES) this.flush();
      this.pending.push({ ...part, bytes, resolve, reject });
      this.pendingBytes += bytes;
      this.callSoon();
    });
  }

  private callSoon(): void {
    if (this.isCalled) return;
    this.isCalled = true;
    this.options.soon(() => {
      this.isCalled = false;
      if (!this.underWay || this.pendingBytes >= WORTH_A_SECOND_BYTES) this.flush();
      else if (this.pending.length > 0) this.cancelPatience ??= this.options.after(PATIENCE_MS, () => this.flush());
    });
  }

  private flush(): void {
    this.cancelPatience?.();
    this.cancelPatience = undefined;
    const parts = this.pending;
    this.pending = [];
    this.pendingBytes = 0;
    if (parts.length > 0) void this.run(parts);
  }

  private async run(parts: readonly Pending[]): Promise<void> {
    this.underWay = parts;
    await (parts.length === 1 ? this.settleAlone(parts[0]!) : this.sendTogether(parts));
    if (this.underWay !== parts) return;
    this.underWay = undefined;
    // Whoever had waited for this very request may have more to send.
    if (this.pending.length > 0) this.callSoon();
  }

  private async sendTogether(parts: readonly Pending[]): Promise<void> {
    let answers: readonly PartAnswer[] = [];
    try {
      answers = await this.options.request(parts);
    } catch {
      // Some may have arrived all the same; they arrive again, which records with ids and versions bear.
    }
    for (const part of parts) {
      const confirmed = confirmationOf(answers, part);
      if (confirmed === undefined) void this.settleAlone(part);
      else part.resolve(confirmed);
    }
  }

  /** Never rejects. */
  private settleAlone(part: Pending): Promise<void> {
    return this.options.alone(part).then(part.resolve, part.reject);
  }
}
