import type { KafkaPort, ReceivedRecord, TailReader } from './kafka-port.js';

export interface OutcomeTailOptions<T> {
  readonly kafka: KafkaPort;
  readonly topicName: string;
  /** Undefined = not an answer to anything. */
  readonly decode: (record: ReceivedRecord) => { id: string; outcome: T } | undefined;
  readonly onCrash: (error: Error) => void;
  /** The answers are nearly always written by this process: they come from memory. */
  readonly isOwn?: true;
}

/** One record that cannot be read must not end the waiting of everybody else. */
function readable<T>(decode: OutcomeTailOptions<T>['decode'], record: ReceivedRecord) {
  try {
    return decode(record);
  } catch {
    return undefined;
  }
}

/**
 * Lets a request wait for the answer to a command it sent: the answers' topic is read from its end and matched by id.
 * A missed answer is no loss, since the entry in the database holds it: callers look there when they get undefined.
 */
export class OutcomeTail<T> {
  private readonly waiting = new Map<string, Set<(outcome: T | undefined) => void>>();
  private reader: TailReader | undefined;

  constructor(private readonly options: OutcomeTailOptions<T>) {}

  async start(): Promise<void> {
    const { kafka, topicName, decode, onCrash, isOwn } = this.options;
    this.reader = await kafka.tail({
      topics: [topicName],
      from: 'latest',
      ...(isOwn ? { gatherMs: 0 } : {}),
      onRecords: (records) => {
        if (this.waiting.size === 0) return;
        for (const record of records) {
          const answer = readable(decode, record);
          if (!answer) continue;
          for (const settle of this.waiting.get(answer.id) ?? []) settle(answer.outcome);
        }
      },
      onCrash,
    });
  }

  async stop(): Promise<void> {
    for (const settles of this.waiting.values()) for (const settle of settles) settle(undefined);
    await this.reader?.stop();
  }

  /**
   * Register before producing the command. Undefined when no answer came in time. What is not `isAwaited` is passed over:
   * of several who ask under one id each hears all answers.
   */
  expect(id: string, timeoutMs: number, isAwaited: (outcome: T) => boolean = () => true): Promise<T | undefined> {
    return new Promise((resolve) => {
      const settles = this.waiting.get(id) ?? new Set();
      const settle = (outcome: T | undefined) => {
        if (outcome !== undefined && !isAwaited(outcome)) return;
        clearTimeout(timer);
        settles.delete(settle);
        if (settles.size === 0) this.waiting.delete(id);
        resolve(outcome);
      };
      const timer = setTimeout(() => settle(undefined), timeoutMs);
      settles.add(settle);
      this.waiting.set(id, settles);
    });
  }
}
