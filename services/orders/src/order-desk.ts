import type { OrderMessage } from '@shelfline/contracts/order-message';
import { OrderOutcome } from '@shelfline/contracts/order-view';
import { VERSIONS_PER_GENERATION } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import { AskedInGroups } from '@shelfline/streaming/asked-in-groups';
import { RecordTooLargeError } from '@shelfline/streaming/errors';
import { JoinedLookUps } from '@shelfline/streaming/joined-look-ups';
import type { OutcomeTail } from '@shelfline/streaming/outcome-tail';
import type { Publisher, PublishResult } from '@shelfline/streaming/publisher';
import type { LedgerEntry, PartitionStore } from '@shelfline/streaming/stream';
import { answersTo } from './answers-to.js';
import { DESK_SOURCE, isHeardAgain, isUnsettled } from './order-answers.js';
import type { OrderEntry } from './order-entry.js';
import { standingOf } from './order-standing.js';
import type { OrdersRepository, OrderWrites } from './orders.repository.js';
import type { OrdersMetrics } from './orders-metrics.js';
import { contentHashOf } from './read-message.js';
import { formerlyTriedAs, MOST_TRIES, triedAs } from './tries.js';

export type Answer =
  | { readonly kind: 'answered'; readonly outcome: OrderOutcome }
  /** It was asked before, with other content; `ofRefusal`: and refused. */
  | { readonly kind: 'conflict'; readonly ofRefusal?: true }
  /** On the topic, so it will be decided; what comes of it is not known within the time a request waits. */
  | { readonly kind: 'pending' }
  /** More than a record may hold: it was not sent, and never will be as it is. */
  | { readonly kind: 'too_large' }
  /** Kafka did not confirm it: it may or may not be decided. Sending it again does no harm. */
  | { readonly kind: 'unavailable' };

interface Sent {
  readonly answer: Answer;
  /**
   * Another one had its id before, or this one has been here already. So it seems, too, of one that stands in the log twice
   * since the reply to its sending was lost: refused at its first place it is tried once more. That does no harm: the
   * refusal took nothing, and whoever asked hears of the last try alone.
   */
  readonly wasAsked: boolean;
}
/** So many times in a row it is looked first after something that had been asked before: such things come together. */
const CALM_ASKS = 8;
/** From so many on a list is a group of its own. */
const LARGE_LIST = 50;

/** Known by a name that whoever asks has given, and not by that of his request. */
const NAMED: ReadonlySet<OrderMessage['type']> = new Set(['place', 'hold', 'return_requested']);
const isRefusal = (answer: Answer | undefined): boolean =>
  answer?.kind === 'answered'
    ? answer.outcome.result === 'refused'
    : answer?.kind === 'conflict' && answer.ofRefusal === true;

export const decodeAnswer = answersTo(DESK_SOURCE, OrderOutcome, isUnsettled);

/** Sends what REST is asked the one way there is, through the topic, and waits for what came of it. */
export class OrderDesk {
  private readonly entries: JoinedLookUps<LedgerEntry>;
  private readonly groups = new AskedInGroups();
  private lookUpFirst = 0;

  constructor(
    private readonly publisher: Publisher,
    private readonly answers: OutcomeTail<OrderOutcome>,
    store: Pick<PartitionStore<OrderWrites>, 'findEntries'>,
    private readonly orders: Pick<OrdersRepository, 'findOrders'>,
    private readonly metrics: OrdersMetrics,
    private readonly answerWithinMs: number,
  ) {
    this.entries = new JoinedLookUps((ids) => store.findEntries(ids));
  }

  /** One answer per message, same order. What was asked before has no second effect, and is tried again where it was refused. */
  async ask(asked: readonly OrderMessage[]): Promise<Answer[]> {
    const startedMs = performance.now();
    const answers = await (this.lookUpFirst > 0 ? this.askUnknown(asked) : this.askPresumedNew(asked));
    const seconds = (performance.now() - startedMs) / 1000;
    for (const answer of answers)
      this.metrics.answered(answer.kind === 'answered' ? answer.outcome.result : answer.kind, seconds);
    return answers;
  }

  /**
   * Nearly everything is asked for the first time, so it is sent without a look whether it is: what was asked before is
   * answered as that was, which is not to this message, and only then asked as what it is.
   */
  private async askPresumedNew(asked: readonly OrderMessage[]): Promise<Answer[]> {
    const sent = await this.send(asked);
    const before = asked.filter((_, i) => sent[i]!.wasAsked);
    if (before.length === 0) return sent.map(({ answer }) => answer);
    this.lookUpFirst = CALM_ASKS;
    const answers = new Map((await this.askUnknown(before)).map((answer, i) => [before[i], answer] as const));
    return asked.map((message, i) => answers.get(message) ?? sent[i]!.answer);
  }

  /** What is known is not sent. */
  private async askUnknown(asked: readonly OrderMessage[]): Promise<Answer[]> {
    const { messages, known } = await this.findTries(asked);
    this.lookUpFirst = known.size > 0 ? CALM_ASKS : Math.max(0, this.lookUpFirst - 1);
    const fresh = messages.filter((message) => !known.has(message));
    const sent = new Map((await this.send(fresh)).map(({ answer }, i) => [fresh[i], answer] as const));
    return messages.map((message) => known.get(message) ?? sent.get(message)!);
  }

  /** Each message as the try that was not refused yet. */
  private async findTries(
    asked: readonly OrderMessage[],
  ): Promise<{ messages: readonly OrderMessage[]; known: Map<OrderMessage, Answer> }> {
    const known = await this.findKnown(asked);
    const messages = [...asked];
    for (let tries = 2; tries <= MOST_TRIES; tries++) {
      const next = new Map<number, { readonly now: OrderMessage; readonly formerly: OrderMessage }>();
      for (const [i, message] of messages.entries()) {
        if (!NAMED.has(message.type) || !isRefusal(known.get(message))) continue;
        next.set(i, { now: triedAs(asked[i]!, tries), formerly: formerlyTriedAs(asked[i]!, tries) });
      }
      if (next.size === 0) break;
      const found = await this.findKnown([...next.values()].flatMap(({ now, formerly }) => [now, formerly]));
      for (const [message, answer] of found) known.set(message, answer);
      for (const [i, { now, formerly }] of next)
        messages[i] = found.get(formerly)?.kind === 'answered' && !isRefusal(found.get(formerly)) ? formerly : now;
    }
    return { messages, known };
  }

  private async send(messages: readonly OrderMessage[]): Promise<Sent[]> {
    if (messages.length === 0) return [];
    if (messages.length >= LARGE_LIST) return this.sendNow(messages);
    return this.groups.run(() => this.sendNow(messages));
  }

  private async sendNow(messages: readonly OrderMessage[]): Promise<Sent[]> {
    let sent: readonly PublishResult[] = [];
    // Whoever repeats it meanwhile is told that it was taken, which is heard here too.
    const isToRepeat = (i: number, outcome: OrderOutcome): boolean => {
      const own = sent[i];
      return own !== undefined && isHeardAgain(outcome) && isTo(messages[i]!, own, outcome);
    };
    const awaited = messages.map((message, i) =>
      this.answers.expect(entryIdOf(message), this.answerWithinMs, (outcome) => !isToRepeat(i, outcome)),
    );
    sent = await this.publisher.publish(
      messages.map((message) => {
        const { orderId } = message;
        return { topic: TOPICS.orderIntake, key: orderId, partitionBy: orderId, value: message };
      }),
    );
    const answers = await Promise.all(
      messages.map(async (_, i): Promise<Answer> => {
        const one = sent[i]!;
        if (!one.ok) return { kind: one.error instanceof RecordTooLargeError ? 'too_large' : 'unavailable' };
        const outcome = await awaited[i];
        // What a repeat is told does not say what became of it; the first may hear it before he knows his place.
        return outcome && !isHeardAgain(outcome) ? { kind: 'answered', outcome } : { kind: 'pending' };
      }),
    );
    // One that passed by while the tail was joining anew is in the database; and only the entry there tells whether the
    // answer is to this message or to another of the same id that was under way at the same time.
    const stored = await this.findKnown(messages.filter((message, i) => isUnsure(message, answers[i]!, sent[i]!)));
    return answers.map((answer, i) => {
      const known = stored.get(messages[i]!);
      if (!known) return { answer, wasAsked: false };
      const isOwn = known.kind === 'answered' && isTo(messages[i]!, sent[i]!, known.outcome);
      return { answer: isOpen(answer) || known.kind === 'conflict' ? known : answer, wasAsked: !isOwn };
    });
  }

  private async findKnown(messages: readonly OrderMessage[]): Promise<Map<OrderMessage, Answer>> {
    if (messages.length === 0) return new Map();
    const entries = await this.entries.find(messages.map(entryIdOf));
    const known = new Map(
      messages.flatMap((message): [OrderMessage, Answer][] => {
        const entry = entries.get(entryIdOf(message)) as OrderEntry | undefined;
        if (!entry?.answer) return [];
        if (entry.contentHash !== contentHashOf(message))
          return [
            [message, entry.answer.result === 'refused' ? { kind: 'conflict', ofRefusal: true } : { kind: 'conflict' }],
          ];
        return [[message, { kind: 'answered', outcome: entry.answer }]];
      }),
    );
    return this.withWhatBecame(known);
  }

  /** The entry of an order holds its first answer, which says only that it was taken: the order itself says more. */
  private async withWhatBecame(known: Map<OrderMessage, Answer>): Promise<Map<OrderMessage, Answer>> {
    const unsettled = [...known].flatMap(([message, answer]) =>
      answer.kind === 'answered' && isUnsettled(answer.outcome) ? [{ message, outcome: answer.outcome }] : [],
    );
    if (unsettled.length === 0) return known;
    const orders = await this.orders.findOrders(unsettled.map(({ outcome }) => outcome.orderId));
    for (const { message, outcome } of unsettled) {
      const order = orders.get(outcome.orderId);
      const { state, version } = order ?? outcome;
      const stands = order ? standingOf(order) : {};
      known.set(message, {
        kind: 'answered',
        outcome: { ...outcome, ...(state ? { state } : {}), ...stands, version },
      });
    }
    return known;
  }
}

/** What came of it is not known here, yet it may be in the database: also of what was asked before and is not sent now. */
const isOpen = ({ kind }: Answer): boolean => kind === 'pending' || kind === 'unavailable';
const isUnsure = (message: OrderMessage, answer: Answer, sent: PublishResult): boolean =>
  isOpen(answer) || (answer.kind === 'answered' && !isTo(message, sent, answer.outcome));

/** Its version is made of the place of what it answers, in the partition of its order. */
const isTo = (
  message: OrderMessage,
  sent: PublishResult,
  { orderId, version, askedVersion = version }: OrderOutcome,
): boolean => sent.ok && orderId === message.orderId && askedVersion % VERSIONS_PER_GENERATION === sent.offset;

const entryIdOf = ({ source, id }: OrderMessage): string => `${source}/${id}`;
