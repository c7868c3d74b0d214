import type { Clock } from '../clock.js';
import type { FetchAnswer, FetchAsk, FetchedPartition } from '../fetch-messages.js';

const MOST_IN_ONE_ANSWER = 40;
/** For a request that does not wait: meanwhile records come, and readers go elsewhere. */
const WAY_MS = 2;
const SESSION_ID_NOT_FOUND = 70;
const INVALID_SESSION_EPOCH = 71;

interface Read {
  readonly topic: string;
  readonly partition: number;
  next: number;
}
interface Session {
  epoch: number;
  readonly reads: Map<string, Read>;
}
interface Poll {
  readonly isWaiting: boolean;
  readonly reads: readonly Read[];
  readonly sessionId: number;
  readonly resolve: (answer: FetchAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** A broker as far as Fetch goes: logs that only grow, sessions as KIP-227 tells of them, requests that wait. */
export class FetchedBroker {
  readonly asks: { readonly lane: number; readonly ask: FetchAsk; readonly isAside: boolean }[] = [];
  /** Kafka's code, by `topic/partition`. */
  readonly errors = new Map<string, number>();
  hasRoomForSessions = true;
  bytesEach = 100;
  /** Until a request is written: a connection may have to be made for it. */
  connectMs = 0;
  asideConnectMs = 0;
  private readonly ends = new Map<string, number>();
  private readonly sessions = new Map<number, Session>();
  private readonly polls = new Set<Poll>();
  private lastSession = 0;
  private lost: Error | undefined;

  constructor(private readonly clock: Clock) {}

  /** `count` records more. */
  append(name: string, count: number): void {
    this.ends.set(name, this.endOf(name) + count);
    this.lookAtPolls();
  }
  endOf(name: string): number {
    return this.ends.get(name) ?? 0;
  }
  forgetSessions(): void {
    this.sessions.clear();
  }
  /** Nobody reaches it from now on. */
  lose(error: Error): void {
    this.lost = error;
    for (const poll of this.polls) poll.reject(error);
    this.polls.clear();
  }
  get waiting(): number {
    return this.polls.size;
  }

  request = async (lane: number, ask: FetchAsk, isAside: boolean): Promise<FetchAnswer> => {
    const connectMs = isAside ? this.asideConnectMs : this.connectMs;
    if (connectMs > 0) await this.clock.sleep(connectMs);
    this.asks.push({ lane, ask, isAside });
    if (this.lost) throw this.lost;
    const refusal = this.refusalOf(ask);
    if (refusal !== 0) return { errorCode: refusal, sessionId: 0, partitions: [] };
    const { reads, sessionId } = this.enter(ask);
    return new Promise((resolve, reject) => {
      const poll = { reads, sessionId, resolve, reject, isWaiting: ask.maxWaitMs > 0 };
      this.polls.add(poll);
      if (poll.isWaiting) this.lookAtPolls();
      void this.clock.sleep(Math.max(WAY_MS, ask.maxWaitMs)).then(() => this.answer(poll));
    });
  };

  private refusalOf({ sessionId, sessionEpoch }: FetchAsk): number {
    if (sessionId === 0) return 0;
    const session = this.sessions.get(sessionId);
    if (!session) return SESSION_ID_NOT_FOUND;
    return session.epoch === sessionEpoch ? 0 : INVALID_SESSION_EPOCH;
  }

  private enter({ sessionId, sessionEpoch, partitions, forgotten }: FetchAsk) {
    const asked = partitions.map(({ topic, partition, next }) => ({ topic, partition, next }));
    if (sessionEpoch === -1 || (sessionId === 0 && !this.hasRoomForSessions)) return { reads: asked, sessionId: 0 };
    const id = sessionId === 0 ? ++this.lastSession : sessionId;
    const session = this.sessions.get(id) ?? { epoch: 0, reads: new Map<string, Read>() };
    this.sessions.set(id, session);
    session.epoch++;
    for (const { topic, partition } of forgotten) session.reads.delete(`${topic}/${partition}`);
    for (const read of asked) session.reads.set(`${read.topic}/${read.partition}`, read);
    return { reads: [...session.reads.values()].map((read) => ({ ...read })), sessionId: id };
  }

  private lookAtPolls(): void {
    for (const poll of this.polls) if (poll.isWaiting && this.fetched(poll).length > 0) this.answer(poll);
  }

  private answer(poll: Poll): void {
    if (!this.polls.delete(poll)) return;
    poll.resolve({ errorCode: 0, sessionId: poll.sessionId, partitions: this.fetched(poll) });
  }

  private fetched({ reads }: Poll): readonly FetchedPartition[] {
    return reads.flatMap(({ topic, partition, next }) => {
      const name = `${topic}/${partition}`;
      const errorCode = this.errors.get(name) ?? 0;
      const end = Math.min(this.endOf(name), next + MOST_IN_ONE_ANSWER);
      if (errorCode === 0 && end <= next) return [];
      const messages = Array.from({ length: end - next }, (_, i) => ({ offset: String(next + i) }));
      const bytes = messages.length * this.bytesEach;
      const head = { topic, partition, bytes, highWatermark: String(this.endOf(name)), abortedTransactions: [] };
      if (errorCode === 0) return [{ ...head, messages, nextOffset: end }];
      const failure = new Error(`${errorCode} of ${name}`);
      return [{ ...head, messages: [], nextOffset: -1, failure }];
    });
  }
}
