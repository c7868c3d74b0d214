import { versionOf } from '@shelfline/contracts/stock-level';
import { isForward, isRepeat } from './batch-sorting.js';
import type { Log } from './log.js';
import type { OutputSender } from './output-sender.js';
import type { Claim, StreamDefinition } from './stream.js';

/**
 * What a former owner committed and perhaps never published: outputs of the entries and dead letters in [from, to),
 * answers of the messages that came again there, and records on their way to their own partition. It is read here, since
 * the next commit would change it; whoever calls sends it, while he goes on.
 */
export async function republish<M, W>(
  { partition, from, to }: { readonly partition: number; readonly from: number; readonly to: number },
  { epoch, generation, newestMs, unpublished }: Claim,
  {
    stream,
    sender,
    topicName,
    log,
  }: {
    readonly stream: StreamDefinition<M, W>;
    readonly sender: OutputSender;
    readonly topicName: string;
    readonly log: Log;
  },
): Promise<() => Promise<void>> {
  if (from >= to) return nothing;
  const entries = await stream.store.unpublishedEntries(partition, from, to);
  const deadLetters = await stream.store.deadLettersBetween(partition, from, to);
  // States that are written behind may have changed without an entry: a day has ended.
  const isBehind = stream.behind !== undefined;
  if (entries.length + deadLetters.length === 0 && !isBehind) return nothing;
  const own = entries.filter((entry) => !isForward(entry) && !isRepeat(entry));
  const toldAtMs = (version: number) =>
    unpublished.find(({ next }) => version < versionOf(generation, next))?.newestMs ?? newestMs;
  const missed = { sinceVersion: versionOf(generation, from), toldAtMs };
  const askedAgain = await stream.store.findEntries(entries.filter(isRepeat).map(({ of }) => of));
  const outputs = [
    ...(own.length > 0 || isBehind ? await stream.republish(own, partition, missed) : []),
    ...[...askedAgain.values()].flatMap((entry) => stream.resend(entry)),
    ...deadLetters.map((letter) => sender.deadLetterOutput(letter)),
  ];
  if (entries.length + outputs.length === 0) return nothing;
  // Numbered before anything that is decided meanwhile.
  const prepared = sender.prepare(outputs, partition, epoch);
  return async () => {
    await sender.forward(entries, { name: stream.topic.name, full: topicName });
    await sender.sendPrepared(prepared);
    log.info(
      { topic: topicName, partition, from, to, outputs: outputs.length },
      'outputs of the former owner published again',
    );
  };
}

const nothing = (): Promise<void> => Promise.resolve();
