/** A defect as somebody might make it: one place of one file, changed. */
export interface Mutation {
  readonly name: string;
  readonly what: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const streaming = (file: string) => `packages/streaming/src/${file}.ts`;
const inventory = (file: string) => `services/inventory/src/${file}.ts`;
const gateway = (file: string) => `services/gateway/src/storefront/${file}.ts`;

const ofStreaming: Mutation[] = [
  {
    name: 'no-compare-and-set',
    what: 'commit without comparing epoch or position',
    file: streaming('testing/simulated-store'),
    find: 'checkpoint?.epoch !== move.epoch || checkpoint.next !== move.fromNext',
    replace: '!checkpoint',
  },
  {
    name: 'publish-before-commit',
    what: 'publish before the commit',
    file: streaming('partition-worker'),
    find: '    const result = await stream.store.commit(\n',
    replace:
      '    this.publishInBackground(records, sorted, decision.outputs, end);\n    const result = await stream.store.commit(\n',
  },
  {
    name: 'cache-before-commit',
    what: 'replace the state in memory before the commit',
    file: streaming('partition-worker'),
    find: '    const result = await stream.store.commit(\n',
    replace: '    decision.committed();\n    const result = await stream.store.commit(\n',
  },
  {
    name: 'fenced-goes-on',
    what: 'go on when a commit was refused',
    file: streaming('partition-worker'),
    find: "    if (result.kind === 'fenced') throw new FencedError(stream.topic.name, partition, claim.epoch);\n",
    replace: '',
  },
  {
    name: 'duplicate-is-done',
    what: 'take a batch with a duplicate for done',
    file: streaming('partition-worker'),
    find: '      if (!duplicate) break;',
    replace: '      if (!duplicate || records.length > 0) break;',
  },
  {
    name: 'no-republish',
    what: 'a new owner publishes nothing of the old one',
    file: streaming('republish'),
    find: '  if (from >= to) return;',
    replace: '  if (from < to + 1) return;',
  },
  {
    name: 'published-in-commit',
    what: 'a commit counts its outputs as published',
    file: streaming('partition-worker'),
    find: 'fromNext: this.storedNext, next: end, published, newestMs },',
    replace: 'fromNext: this.storedNext, next: end, published: end, newestMs },',
  },
  {
    name: 'failed-send-forgotten',
    what: 'a failed send is forgotten',
    file: streaming('partition-worker'),
    find: 'if (failure) this.publishFailure = failure;',
    replace: 'if (failure) this.publishFailure = undefined;',
  },
  {
    name: 'kept-on-release',
    what: 'keep the memory of a partition that went to somebody else',
    file: streaming('partition-worker'),
    find: '    stream.released(partition);\n',
    replace: '',
  },
  {
    name: 'from-kafkas-offset',
    what: 'go on where Kafka says, not where the checkpoint says',
    file: streaming('partition-log'),
    find: '    if (first <= next && last >= next) return undefined;',
    replace: '    if (last >= next) return undefined;',
  },
  {
    name: 'claims-skip',
    what: 'a claim begins one record too late',
    file: streaming('partition-log'),
    find: 'const next = claim.next < 0 ? earliest : claim.next;',
    replace: 'const next = claim.next < 0 ? earliest : claim.next + 1;',
  },
  {
    name: 'no-dedupe-in-batch',
    what: 'a repeat within a batch is applied',
    file: streaming('batch-sorting'),
    find: '    } else if (earlier !== undefined) {',
    replace: '    } else if (earlier !== undefined && earlier === id) {',
  },
  {
    name: 'no-dedupe',
    what: 'a repeat of an earlier batch is applied',
    file: streaming('testing/simulated-store'),
    find: "    if (taken !== undefined) return { kind: 'duplicate', detail: taken };\n",
    replace: '',
  },
  {
    name: 'conflict-is-repeat',
    what: 'the same id with other content counts as a repeat',
    file: streaming('batch-sorting'),
    find: '      if (stored.contentHash === contentHash)\n        repeats.push(',
    replace: '      if (stored.contentHash !== undefined)\n        repeats.push(',
  },
  {
    name: 'unreadable-dropped',
    what: 'drop what cannot be read',
    file: streaming('batch-sorting'),
    find: '      deadLetters.push(deadLetterOf(topic, record, parsed.reason, parsed.detail, generation));\n',
    replace: '',
  },
  {
    name: 'misplaced-applied',
    what: 'apply a record that stands in the wrong partition',
    file: streaming('batch-sorting'),
    find: 'placeOf(decidedBy) !== record.partition',
    replace: 'placeOf(decidedBy) < 0',
  },
  {
    name: 'forward-forgotten',
    what: 'note a misplaced record as forwarded and never send it',
    file: streaming('output-sender'),
    find: '      if (!isForward(entry)) continue;',
    replace: '      if (!isForward(entry) || entry.offset >= 0) continue;',
  },
  {
    name: 'letters-unsent',
    what: 'dead letters are stored and never published',
    file: streaming('partition-worker'),
    find: ', ...deadLetters.map((letter) => sender.deadLetterOutput(letter))];',
    replace: '];',
  },
  {
    name: 'no-answer-again',
    what: 'a repeated command is not answered again',
    file: streaming('partition-worker'),
    find: '...answeredAgain.flatMap((again) => again.outputs)',
    replace: '...answeredAgain.flatMap(() => [])',
  },
  {
    name: 'no-tail-watch',
    what: "a zombie's late records stay on the topic",
    file: streaming('tail-watch'),
    find: '    if (this.healing.has(inputPartition) ||',
    replace: '    if (this.late.size >= 0 || this.healing.has(inputPartition) ||',
  },
  {
    name: 'supersede-inverted',
    what: 'late records are compared the wrong way round',
    file: streaming('partition-worker'),
    find: 'version > (lastVersions.get(key) ?? Number.POSITIVE_INFINITY)',
    replace: 'version < (lastVersions.get(key) ?? Number.NEGATIVE_INFINITY)',
  },
  {
    name: 'two-at-once',
    what: 'two batches of a partition are decided at the same time',
    file: streaming('stream-runner'),
    find: 'const run = (this.locks.get(partition) ?? Promise.resolve()).then(work);',
    replace: 'const run = Promise.resolve().then(work);',
  },
];

const ofWriteBehind: Mutation[] = [
  {
    name: 'images-unstored',
    what: 'commit without keeping the states that are written behind',
    file: streaming('testing/simulated-store'),
    find: '    for (const each of images)',
    replace: '    for (const each of images.slice(images.length))',
  },
  {
    name: 'images-unread',
    what: 'a new owner does not read what was not written yet',
    file: streaming('partition-worker'),
    find: 'await stream.store.storedImages(partition), this',
    replace: '[], this',
  },
  {
    name: 'forgotten-unwritten',
    what: 'forget stored states before they are written',
    file: streaming('write-behind'),
    find: '    let chunk: Image[] = [];',
    replace: '    await forget(round.storedIds);\n    let chunk: Image[] = [];',
  },
  {
    name: 'memory-forgets-while-writing',
    what: 'readers do not see what is being written',
    file: streaming('unflushed-images'),
    find: '    if (!written) return gathered ? [...gathered.values()] : [];',
    replace: '    if (written || !written) return gathered ? [...gathered.values()] : [];',
  },
  {
    name: 'round-writes-nothing',
    what: 'take what has gathered for what has been written',
    file: streaming('unflushed-images'),
    find: 'if (!own.gathering.groups.get(group)?.has(key)) yield image;',
    replace: 'if (own.gathering.groups.get(group)?.has(key)) yield image;',
  },
  {
    name: 'older-over-newer',
    what: 'write a level over a newer one',
    file: inventory('testing/memory-repository'),
    find: '!before || before.level.version < level.version',
    replace: '!before || before.level.version !== level.version',
  },
  {
    name: 'levels-not-laid-over',
    what: 'load a SKU without the levels that are not written yet',
    file: inventory('unflushed-stock'),
    find: 'if (isNewer(level, stock.levels.get(level.location))) stock',
    replace: 'if (!isNewer(level, undefined)) stock',
  },
  {
    name: 'reservations-not-laid-over',
    what: 'load a SKU without the reservations that are not written yet',
    file: inventory('unflushed-stock'),
    find: 'overlay(stock.reservations, reservation);',
    replace: '{}',
  },
  {
    name: 'finished-not-laid-over',
    what: 'forget a finished reservation until it is written',
    file: inventory('unflushed-stock'),
    find: 'if (wanted.has(key) && isNewer',
    replace: 'if (!wanted.has(key) && isNewer',
  },
];

const ofLedger: Mutation[] = [
  {
    name: 'netted',
    what: 'decide every record of a batch over the state before the batch',
    file: inventory('stock-fold'),
    find: '    const events = decide(message, draft, {',
    replace: '    const events = decide(message, draft.base, {',
  },
  {
    name: 'lost-refusals',
    what: 'refusals leave no entry',
    file: inventory('stock-fold'),
    find: '    this.entries.push({',
    replace: "    if (answer?.result === 'refused') return;\n    this.entries.push({",
  },
  {
    name: 'reserved-ignored',
    what: 'promise what is promised already',
    file: inventory('domain/availability'),
    find: 'Math.max(0, level.onHand - level.reserved - level.damaged',
    replace: 'Math.max(0, level.onHand - level.damaged',
  },
  {
    name: 'split-oversells',
    what: 'take one unit more than there is',
    file: inventory('domain/reserve-stock'),
    find: '    const taken = Math.min(left, units);',
    replace: '    const taken = Math.min(left, units > 0 ? units + 1 : 0);',
  },
  {
    name: 'no-tombstone',
    what: 'releasing what is unknown leaves nothing',
    file: inventory('domain/change-reservation'),
    find: "      { kind: 'reservation_set', reservation: tombstone(reservationId, nowMs) },\n",
    replace: '',
  },
  {
    name: 'finished-forgotten',
    what: 'a finished reservation can be made again',
    file: inventory('stock-loader'),
    find: '      if (stock.hasFinished !== false) for',
    replace: '      if (stock.hasFinished === true) for',
  },
  {
    name: 'count-forgets-later-facts',
    what: 'a count forgets what moved after it was taken',
    file: inventory('domain/record-count'),
    find: 'level.newestFactAtMs > countedAtMs ?',
    replace: 'level.newestFactAtMs > countedAtMs + 1e15 ?',
  },
  {
    name: 'counted-twice',
    what: 'a fact from before a count moves stock again',
    file: inventory('domain/record-fact'),
    find: 'occurredAtMs <= level.countedAtMs;',
    replace: 'occurredAtMs < 0;',
  },
  {
    name: 'silent-shortfall',
    what: 'nobody is told of a shortfall',
    file: inventory('domain/detect-shortfall'),
    find: '  if (before.reserved === 0) return undefined;',
    replace: '  if (before.reserved >= 0) return undefined;',
  },
  {
    name: 'never-expires',
    what: 'holds never expire',
    file: inventory('partition-upkeep'),
    find: 'const expirations = expired.map(',
    replace: 'const expirations = expired.slice(expired.length).map(',
  },
  {
    name: 'shown-is-not-kept',
    what: 'forget what was shown last',
    file: inventory('stock-deltas.handler'),
    find: '      stock.shown = newlyShown.get(sku) ?? stock.shown;\n',
    replace: '',
  },
  {
    name: 'lowest-version',
    what: 'availability carries the lowest version of its levels',
    file: inventory('stock-deltas.handler'),
    find: 'version = Math.max(version, level.version);',
    replace: 'version = version === 0 ? level.version : Math.min(version, level.version);',
  },
];

const ofStorefront: Mutation[] = [
  {
    name: 'table-goes-back',
    what: 'a table takes whatever comes last',
    file: streaming('table'),
    find: 'versionOf(value) < versionOf(previous)',
    replace: 'versionOf(value) < 0',
  },
  {
    name: 'first-waits',
    what: 'conflation keeps the oldest state of a tick',
    file: gateway('conflation'),
    find: '    room.waiting = piece;',
    replace: '    room.waiting ??= piece;',
  },
  {
    name: 'slow-reader-forgotten',
    what: 'what changed while a screen read slowly is forgotten',
    file: gateway('subscriber'),
    find: '    else behind.add(room);',
    replace: '    else behind.delete(room);',
  },
];

export const MUTATIONS: readonly Mutation[] = [...ofStreaming, ...ofWriteBehind, ...ofLedger, ...ofStorefront];
