import type { TopicDefinition } from '@shelfline/contracts/topics';
import { problem } from '@shelfline/service-kit/problem';
import type { OutcomeTail } from '@shelfline/streaming/outcome-tail';
import type { Publisher } from '@shelfline/streaming/publisher';
import type { LedgerEntry, PartitionStore } from '@shelfline/streaming/stream';
import { conflicting, notConfirmed, refusedMeanwhile } from './order-problems.js';
import { contentHashOf } from './read-message.js';
import { formerlyTriedAs, MOST_TRIES, triedAs } from './tries.js';

interface Asked {
  readonly id: string;
  readonly source: string;
}
interface AnsweredEntry<O> extends LedgerEntry {
  readonly answer?: O;
}
interface Known<O> {
  readonly contentHash: string;
  readonly answer: O;
}
export interface TopicDeskOptions<M extends Asked, O> {
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly answers: Pick<OutcomeTail<O>, 'expect'>;
  readonly store: Pick<PartitionStore<unknown>, 'findEntries'>;
  readonly answerWithinMs: number;
  readonly topic: TopicDefinition;
  readonly keyOf: (message: M) => string;
  /** Where what comes of it is to be seen, as a person is told. */
  readonly shownAt: (message: M) => string;
  /** Whether what was answered so, or became so, took nothing, and its name may be tried again; absent = never. */
  readonly mayBeTriedAgain?: (message: M, answer: O) => boolean;
  /** Where a first answer may say only that something is under way. */
  readonly underWay?: {
    readonly isUnsettled: (answer: O) => boolean;
    readonly whatBecame: (answer: O, askedBy: string) => Promise<O>;
  };
}

/** Sends what REST is asked the one way there is, through its topic, and waits for what came of it. */
export class TopicDesk<M extends Asked, O> {
  constructor(private readonly options: TopicDeskOptions<M, O>) {}

  /** What was asked before is not sent again. Answers what was refused, too; throws where nothing is known. */
  async ask(asked: M): Promise<O> {
    const { publisher, answers, answerWithinMs, topic, keyOf, shownAt, underWay } = this.options;
    const { message, known } = await this.findTry(asked);
    const before = this.answerIn(known, message);
    if (before) return before;
    const awaited = answers.expect(entryIdOf(message), answerWithinMs);
    const key = keyOf(message);
    const [sent] = await publisher.publish([{ topic, key, partitionBy: key, value: message }]);
    if (!sent!.ok) throw notConfirmed();
    const heard = await awaited;
    // Only the entry tells whether the answer is to this message or to another of the same id under way at that time.
    const stored = await this.findAnswer(message);
    const outcome = heard && stored && underWay?.isUnsettled(stored) ? heard : (stored ?? heard);
    if (outcome) return outcome;
    throw problem(
      503,
      'not-answered-yet',
      'It was taken and is not decided yet',
      `It will be. Look at ${shownAt(message)}, or send the same again to wait for its answer.`,
    );
  }

  /** What came of it, where it was asked before. */
  async findAnswer(message: M): Promise<O | undefined> {
    return this.answerIn(await this.findKnown(message), message);
  }

  private answerIn(known: Known<O> | undefined, message: M): O | undefined {
    if (!known) return undefined;
    const { contentHash, answer } = known;
    if (contentHash === contentHashOf(message)) return answer;
    throw this.options.mayBeTriedAgain?.(message, answer) ? refusedMeanwhile('This id') : conflicting('This id');
  }

  /** The message as the try that was not refused yet, with what is known of that. */
  private async findTry(asked: M): Promise<{ readonly message: M; readonly known: Known<O> | undefined }> {
    const { mayBeTriedAgain } = this.options;
    let message = asked;
    let known = await this.findKnown(message);
    for (let tries = 2; known && tries <= MOST_TRIES && mayBeTriedAgain?.(message, known.answer); tries++) {
      const formerly = formerlyTriedAs(asked, tries);
      const before = await this.findKnown(formerly);
      const isRepeat = before?.contentHash === contentHashOf(formerly) && !mayBeTriedAgain(formerly, before.answer);
      message = isRepeat ? formerly : triedAs(asked, tries);
      known = isRepeat ? before : await this.findKnown(message);
    }
    return { message, known };
  }

  /** What was sent under its name, whatever it said, with what became of it by now. */
  private async findKnown(message: M): Promise<Known<O> | undefined> {
    const { store, underWay } = this.options;
    const id = entryIdOf(message);
    const entry = (await store.findEntries([id])).get(id) as AnsweredEntry<O> | undefined;
    if (!entry?.answer) return undefined;
    const { contentHash, answer } = entry;
    return { contentHash, answer: underWay?.isUnsettled(answer) ? await underWay.whatBecame(answer, id) : answer };
  }
}

const entryIdOf = ({ source, id }: Asked): string => `${source}/${id}`;
