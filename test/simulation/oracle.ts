import { TOPICS } from '@shelfline/contracts/topics';
import type { LedgerEntry } from '@shelfline/streaming/stream';
import type { History } from './history.ts';
import { LedgerModel } from './ledger-model.ts';
import type { Appended } from './ledger-records.ts';
import { readerWrongs } from './level-readers.ts';
import type { AcceptedLoss } from './losses.ts';
import { catalogWrongs } from './oracle-catalog.ts';
import { connectWrongs } from './oracle-connect.ts';
import { feedWrongs } from './oracle-feeds.ts';
import { movedDaysHeard, orderWrongs } from './oracle-orders.ts';
import { transferWrongs } from './oracle-transfers.ts';
import { PARTITIONS, SKUS } from './setting.ts';
import { everyRecordOnce, idIn, isLost, recordsOf } from './topic-records.ts';

interface MessageEntry extends LedgerEntry {
  readonly source: string;
  readonly id: string;
}
const EXPIRES_WITHIN_MS = 5000;
type Json = Readonly<Record<string, unknown>>;

export interface AppendedByTopic {
  readonly deltas: readonly Appended[];
  readonly changes: readonly Appended[];
  readonly observations: readonly Appended[];
  readonly intake: readonly Appended[];
  readonly transfers: readonly Appended[];
}

/**
 * What must be true of every history, worked out from the rules in ARCHITECTURE.md and from what went in; nothing of
 * the code under test is called. Answers what is wrong, in words.
 */
export function judge(history: History, all: AppendedByTopic): string[] {
  const { deltas: appended, changes, observations, intake, transfers } = all;
  const wrongs = history.deaths.map((death) => `ended by itself: ${death}`);
  const { database, repository } = history.ledger;
  const losses = history.losses.accepted.filter(({ topic }) => topic === TOPICS.deltas.name);
  const model = new LedgerModel(appended);
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const own = database.log.filter(({ move }) => move.partition === partition);
    wrongs.push(...everyRecordOnce(partition, own, appended, database, losses));
    for (const batch of own) for (const entry of batch.entries) wrongs.push(...model.apply(entry as never));
  }
  wrongs.push(...levelsAreSums(model, repository.levels));
  wrongs.push(...lotsStandRight(model, repository.levels));
  wrongs.push(...reservationsHold(model, repository.reservations, history.scheduler.now()));
  wrongs.push(...topicsEndRight(history, model));
  wrongs.push(...answersAgree(history));
  wrongs.push(...asideIsTold(history));
  wrongs.push(...askedAgainAnswered(history, appended, losses));
  wrongs.push(...readerWrongs(history.readers, history.ledger));
  wrongs.push(...screensConverge(history, model));
  wrongs.push(...feedWrongs(history, observations, appended));
  wrongs.push(...catalogWrongs(history, changes));
  wrongs.push(...connectWrongs(history, { deltas: appended, changes }));
  wrongs.push(...orderWrongs(history, intake, appended));
  if (history.shops) wrongs.push(...movedDaysHeard(history, intake, model.ahead.moved));
  wrongs.push(...transferWrongs(history, transfers, appended));
  return wrongs;
}

function levelsAreSums(model: LedgerModel, stored: History['ledger']['repository']['levels']): string[] {
  const wrongs: string[] = [];
  for (const [key, { level }] of stored) {
    const expected = model.levelOf(key);
    for (const bucket of ['onHand', 'reserved', 'damaged', 'qualityControl', 'incoming'] as const)
      if (level[bucket] !== expected[bucket])
        wrongs.push(`${key}: ${bucket} is ${level[bucket]}, movements make ${expected[bucket]}`);
    const promised = model.ahead.promisedAt(key);
    if ((level.promisedIncoming ?? 0) !== promised)
      wrongs.push(`${key}: ${level.promisedIncoming ?? 0} are promised of deliveries, movements make ${promised}`);
  }
  for (const key of model.keys()) if (!stored.has(key)) wrongs.push(`${key} has movements and no level`);
  return wrongs;
}

/** Lots, their last days and their serial numbers, of every level. */
function lotsStandRight(model: LedgerModel, stored: History['ledger']['repository']['levels']): string[] {
  const wrongs: string[] = [];
  for (const [key, { level }] of stored) {
    const found = Object.fromEntries((level.lots ?? []).map((each) => [each.lot, lotText(each)]));
    const expected = Object.fromEntries([...model.lots.lotsOf(key)].map(([lot, stands]) => [lot, lotText(stands)]));
    if (JSON.stringify(sorted(found)) !== JSON.stringify(sorted(expected)))
      wrongs.push(`${key}: lots are ${JSON.stringify(found)}, should be ${JSON.stringify(expected)}`);
    const serials = JSON.stringify(sorted(Object.fromEntries(level.serials ?? [])));
    const known = JSON.stringify(sorted(Object.fromEntries(model.lots.serialsOf(key))));
    if (serials !== known) wrongs.push(`${key}: serial numbers are ${serials}, should be ${known}`);
  }
  return wrongs;
}
const lotText = (lot: { onHand: number; damaged: number; expiresOn: string | null; receivedAtMs: number }): string =>
  `${lot.onHand}, ${lot.damaged} damaged, until ${lot.expiresOn ?? '9999-99-99'}, since ${Math.floor(lot.receivedAtMs)}`;

function reservationsHold(
  model: LedgerModel,
  stored: History['ledger']['repository']['reservations'],
  atEndMs: number,
): string[] {
  const wrongs: string[] = [];
  for (const [key, expected] of model.reservations()) {
    const found = stored.get(key)?.reservation;
    if (found?.state === 'ACTIVE' && found.expiresAtMs < atEndMs - EXPIRES_WITHIN_MS)
      wrongs.push(`${key} never expired`);
    const held = Object.fromEntries((found?.allocations ?? []).map(({ location, quantity }) => [location, quantity]));
    if (found?.state !== expected.state) wrongs.push(`${key} is ${found?.state}, should be ${expected.state}`);
    else if (JSON.stringify(sorted(held)) !== JSON.stringify(sorted(expected.held)))
      wrongs.push(`${key} holds ${JSON.stringify(held)}, should hold ${JSON.stringify(expected.held)}`);
    for (const { location, expectedAt } of expected.state === 'COMMITTED' ? (found?.awaited ?? []) : []) {
      const day = expected.days?.[location];
      if ((expectedAt === undefined ? undefined : Date.parse(expectedAt)) !== day)
        wrongs.push(
          `${key} awaits ${location} at ${expectedAt}, its deliveries say ${day && new Date(day).toISOString()}`,
        );
    }
  }
  return wrongs;
}
const sorted = (held: Readonly<Record<string, number | string>>) =>
  Object.entries(held).sort(([a], [b]) => (a < b ? -1 : 1));

/** Of every key the last record is the committed state: what a reader that starts today would hold. */
function topicsEndRight({ kafka, ledger, scheduler }: History, model: LedgerModel): string[] {
  const wrongs: string[] = [];
  const last = new Map<string, Json>();
  for (const { key, text } of recordsOf(kafka, TOPICS.levels)) last.set(key, JSON.parse(text) as Json);
  for (const [key, { level }] of ledger.repository.levels) {
    const shown = last.get(key);
    if (shown?.['version'] !== level.version)
      wrongs.push(`${key} ends on its topic at version ${String(shown?.['version'])}, committed is ${level.version}`);
    else if (
      shown['onHand'] !== level.onHand ||
      shown['reserved'] !== level.reserved ||
      JSON.stringify(namesOf(shown['lots'])) !== JSON.stringify(namesOf(level.lots))
    )
      wrongs.push(`${key} ends on its topic with other figures than are committed, under the same version`);
    else if (shown['available'] !== model.availableAt(key, scheduler.now()))
      wrongs.push(
        `${key} ends with ${String(shown['available'])} available, not ${model.availableAt(key, scheduler.now())}`,
      );
  }
  return wrongs;
}

/** Lots with what is there of them. */
const namesOf = (lots: unknown): [string, number][] =>
  ((lots ?? []) as { lot: string; onHand: number; damaged?: number }[])
    .filter(({ onHand, damaged = 0 }) => onHand !== 0 || damaged !== 0)
    .map(({ lot, onHand }) => [lot, onHand]);

/** Of both topics: an order is answered where it asked from. */
function answersOf(kafka: History['kafka']): { text: string; type: string; source: string; id: string }[] {
  const told = (text: string) => ({ text, ...(JSON.parse(text) as { type: string; source: string; id: string }) });
  const direct = (topic: { readonly name: string }, sourceOf: (id: string) => string) =>
    recordsOf(kafka, topic)
      .filter(({ text }) => text.includes('"reservation_answered"'))
      .map(({ text }) => told(text))
      // What is brought on from the topic of answers stands there, too.
      .filter(({ id }) => id.startsWith('reserve/'))
      .map((answer) => ({ ...answer, type: 'reservation', source: sourceOf(answer.id) }));
  return [
    ...recordsOf(kafka, TOPICS.outcomes).map(({ text }) => told(text)),
    ...direct(TOPICS.orderIntake, (id) => (OF_WHAT_CAME.test(id) ? 'transfers' : 'orders')),
    ...direct(TOPICS.transferIntake, () => 'transfers'),
  ];
}
/** A transfer asks first for what it brings an order, and the order is answered. */
const OF_WHAT_CAME = /^reserve\/order\/.*\.\d+$/;

/** However often a command is asked, it has one answer; and every answered command's answer was sent. */
function answersAgree({ kafka, ledger }: History): string[] {
  const wrongs: string[] = [];
  const sent = new Map<string, string>();
  for (const { text, type, source, id } of answersOf(kafka)) {
    const name = `${type} ${source}/${id}`;
    const before = sent.get(name);
    if (before !== undefined && before !== text) wrongs.push(`${name} was answered twice, differently`);
    sent.set(name, text);
  }
  const entries = [...ledger.database.entries.values()] as unknown as readonly MessageEntry[];
  for (const { _id, source, id, ...entry } of entries) {
    if (entry['answer'] && !sent.has(`reservation ${source}/${id}`))
      wrongs.push(`${_id} has an answer that was never sent`);
    if (entry['shortfalls'] && !sent.has(`shortfall ${source}/${id}`))
      wrongs.push(`${_id} has a shortfall that nobody was told of`);
  }
  const moved = new Set(recordsOf(kafka, TOPICS.movements).map(({ text }) => idIn(text)));
  for (const { _id, source, id, effects } of entries) {
    if (Array.isArray(effects) && effects.length > 0 && !moved.has(`${source}/${id}`))
      wrongs.push(`${_id} is a movement that was never published`);
  }
  return wrongs;
}

/** What was put aside stands on the topic of dead letters, for people. */
function asideIsTold({ kafka, ledger }: History): string[] {
  const told = new Set(recordsOf(kafka, TOPICS.deadLetters).map(({ key }) => key));
  return [...ledger.database.deadLetters.keys()].flatMap((id) =>
    told.has(id) ? [] : [`${id} was put aside silently`],
  );
}

/** A command that is sent again later was perhaps never answered: it is answered once more. */
function askedAgainAnswered(
  { kafka, ledger }: History,
  appended: readonly Appended[],
  losses: readonly AcceptedLoss[],
): string[] {
  const answers = new Map<string, number>();
  for (const { type, source, id } of answersOf(kafka)) {
    if (type === 'reservation') answers.set(`${source}/${id}`, (answers.get(`${source}/${id}`) ?? 0) + 1);
  }
  const byPlace = new Map(appended.map((record) => [`${record.partition}/${record.offset}`, record]));
  const byText = Map.groupBy(appended, ({ text }) => text);
  const wrongs: string[] = [];
  for (const { move, entries } of ledger.database.log)
    for (const { _id, offset, partition, answer } of entries) {
      if (!answer || _id.startsWith('expire/')) continue;
      const { text } = byPlace.get(`${partition}/${offset}`)!;
      const again = byText
        .get(text)!
        .some((record) => record.partition === partition && record.offset >= move.next && !isLost(losses, record));
      if (again && (answers.get(_id) ?? 0) < 2) wrongs.push(`${_id} was asked again and not answered again`);
    }
  return wrongs;
}

function screensConverge({ gateways: { screens }, ledger, scheduler }: History, model: LedgerModel): string[] {
  const wrongs = screens.flatMap(({ wrongs: own }) => own);
  for (const sku of SKUS) {
    let available = 0;
    for (const { sku: of, level } of ledger.repository.levels.values())
      if (of === sku && level.location !== 'nowhere')
        available += model.availableAt(`${sku}@${level.location}`, scheduler.now());
    for (const { name, shown } of screens)
      if ((shown.get(sku)?.available ?? 0) !== available)
        wrongs.push(`${name} shows ${shown.get(sku)?.available} of ${sku}; there are ${available}`);
  }
  return wrongs;
}
