import type { OrderOutcome, StoreTask } from '@shelfline/contracts/order-view';
import { TOPICS } from '@shelfline/contracts/topics';
import type { Order } from '@shelfline/orders/domain/order';
import type { History } from './history.ts';
import type { Appended } from './ledger-records.ts';
import { PARTITIONS } from './setting.ts';
import { recordsOf } from './topic-records.ts';

const DONE = new Set(['HANDED_OVER', 'DELIVERED', 'REJECTED', 'TIMED_OUT', 'CANCELLED']);

const everythingOn = ({ kafka }: History, topic: string) =>
  Array.from({ length: PARTITIONS }, (_, partition) => kafka.read(topic, partition)).flat();

/** Of every task the last record is the committed one; a version tells one thing only. */
export function taskTopicWrongs(history: History, known: ReadonlyMap<string, Order>): string[] {
  const wrongs: string[] = [];
  const last = new Map<string, { version: number; state: string | undefined }>();
  const told = new Map<string, string>();
  for (const { key, value, headers } of everythingOn(history, TOPICS.orderTasks.name)) {
    const version = Number(headers['sl-version']);
    const task = value ? (JSON.parse(value.toString()) as StoreTask) : undefined;
    const state = task?.state ?? headers['sl-state'];
    const content = `${state} at ${task?.store ?? ''}`;
    const name = `${key} at version ${version}`;
    if (told.has(name) && told.get(name) !== content) wrongs.push(`task ${name} is ${told.get(name)}, and ${content}`);
    told.set(name, content);
    last.set(key!, { version, state });
  }
  for (const { orderId, tasks } of known.values())
    for (const { number, version, state } of tasks) {
      const shown = last.get(`${orderId}/${number}`);
      if (shown?.version !== version || shown.state !== state)
        wrongs.push(`task ${orderId}/${number} ends as ${JSON.stringify(shown)}, committed is ${state} ${version}`);
      if (shown && DONE.has(state) !== DONE.has(String(shown.state)))
        wrongs.push(`task ${orderId}/${number} stays on a list`);
    }
  return wrongs;
}

/** However often it is asked, each message has one answer; a place has a second one, once it is known what comes of it. */
export function orderAnswerWrongs(
  history: History,
  known: ReadonlyMap<string, Order>,
  intake: readonly Appended[],
): string[] {
  const answers = new Map<string, Map<string, OrderOutcome>>();
  const times = new Map<string, number>();
  for (const { text } of recordsOf(history.kafka, TOPICS.orderOutcomes)) {
    const answer = JSON.parse(text) as OrderOutcome;
    const name = `${answer.source}/${answer.id}`;
    const own = answers.get(name) ?? new Map<string, OrderOutcome>();
    answers.set(name, own.set(text, answer));
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  const wrongs: string[] = [];
  for (const [name, { type, orderId }] of history.shops!.asked) {
    const own = [...(answers.get(name)?.values() ?? [])];
    if (own.length === 0) wrongs.push(`${name} was never answered`);
    const settled = own.filter(({ state, result }) => result === 'refused' || state !== 'RESERVING');
    if (own.length - settled.length > 1 || settled.length > 1)
      wrongs.push(`${name} was answered differently: ${JSON.stringify(own)}`);
    const order = known.get(orderId);
    if (type === 'place' && order?.isDecided && settled.length === 0)
      wrongs.push(`${name} was never told what became of it`);
  }
  for (const name of askedAgain(history, intake))
    if ((times.get(name) ?? 0) <= (answers.get(name)?.size ?? 0))
      wrongs.push(`${name} was asked again and not answered again`);
  return wrongs;
}

/** Messages that came once more after what they asked was committed: whoever asked may not have the answer. */
function askedAgain({ orders }: History, intake: readonly Appended[]): string[] {
  const byPlace = new Map(intake.map((record) => [`${record.partition}/${record.offset}`, record]));
  const byText = Map.groupBy(intake, ({ text }) => text);
  return orders.database.log.flatMap(({ move, entries }) =>
    entries.flatMap(({ _id, partition, offset, answer }) => {
      const text = byPlace.get(`${partition}/${offset}`)?.text;
      const again = answer && text && byText.get(text)!.some((record) => record.offset >= move.next);
      return again ? [_id] : [];
    }),
  );
}
