import { catalog, gateway, inventory, type Mutation, streaming } from './mutation.ts';

const ofImages: Mutation[] = [
  {
    name: 'old-image-for-live',
    what: 'take an old image for live whose successor is written and forgotten',
    file: inventory('unflushed-stock'),
    find: '        if (isLive(reservation) && !stocks',
    replace: '        if (!isLive(reservation) && !stocks',
  },
  {
    name: 'old-image-over-level',
    what: 'lay an old image over the newer level',
    file: inventory('unflushed-stock'),
    find: 'if (isNewer(level, stock.levels.get(level.location))) stock',
    replace: 'if (isNewer(level, undefined)) stock',
  },
  {
    name: 'old-image-over-reservation',
    what: 'lay an old image over the newer reservation',
    file: inventory('unflushed-stock'),
    find: 'isNewer(reservation, found.get(key)?.reservation)',
    replace: 'isNewer(reservation, undefined)',
  },
];

const ofFeeds: Mutation[] = [
  {
    name: 'back-by-a-repeat',
    what: 'a silent source is back when an old sign of life is seen again',
    file: inventory('domain/feed'),
    find: '  const isBack = before.isQuiet && atMs > before.lastSeenAtMs;',
    replace: '  const isBack = before.isQuiet;',
  },
  {
    name: 'missed-at-once',
    what: 'a number is missed as soon as a later one came',
    file: inventory('domain/feed'),
    find: 'nowMs - range.sinceMs >= gapGraceMs;',
    replace: 'nowMs - range.sinceMs >= 0;',
  },
  {
    name: 'gap-by-newest-only',
    what: 'only the newest observation of a batch is kept',
    file: inventory('feeds.handler'),
    find: 'const before = changed.get(source) ?? feeds.get(source)',
    replace: 'const before = feeds.get(source)',
  },
  {
    name: 'judged-as-stored',
    what: 'what a batch saw of a source is forgotten when time is judged',
    file: inventory('feeds.handler'),
    find: 'conclude(judgeFeed(changed.get(stored.source) ?? stored, nowMs',
    replace: 'conclude(judgeFeed(stored, nowMs',
  },
  {
    name: 'risks-not-told-again',
    what: 'a new owner tells no risk of the old one',
    file: inventory('feeds.stream'),
    find: '(entries as readonly RiskEntry[]).map(riskOutput)',
    replace: '(entries as readonly RiskEntry[]).slice(entries.length).map(riskOutput)',
  },
  {
    name: 'numbers-of-one-record',
    what: 'of a batch of the ledger only the first number of a source is told',
    file: inventory('feeds.stream'),
    find: "    if (typeof sequence === 'number') observation",
    replace: "    if (typeof sequence === 'number' && observation.sequences.length === 0) observation",
  },
  {
    name: 'silence-of-all',
    what: 'a source that never said that it is alive is missed',
    file: inventory('domain/feed'),
    find: 'beats: before.beats || isHeartbeat,',
    replace: 'beats: before.beats || isHeartbeat || atMs > 0,',
  },
];

const ofCatalog: Mutation[] = [
  {
    name: 'changes-over-the-old',
    what: 'every change of a batch is decided over the state before the batch',
    file: catalog('domain/decide-batch'),
    find: 'const current = changed.get(key) ?? known',
    replace: 'const current = known',
  },
  {
    name: 'expected-version-ignored',
    what: 'a change is made whatever version was expected',
    file: catalog('domain/decide-change'),
    find: '  if (conflict) return',
    replace: '  if (conflict && change.code.length === 0) return',
  },
  {
    name: 'removed-comes-back',
    what: 'what was removed counts as there',
    file: catalog('domain/decide-change'),
    find: '  const stands = current?.entity ? current.version : 0;\n  if',
    replace: '  const stands = current ? current.version : 0;\n  if',
  },
  {
    name: 'states-not-republished',
    what: 'a new owner publishes the answers of the old one, not the states',
    file: catalog('catalog-changes.stream'),
    find: 'return [...[...states.values()].map(stateOutput),',
    replace: 'return [',
  },
  {
    name: 'removals-not-republished',
    what: 'a new owner publishes no removal of the old one',
    file: catalog('catalog-changes.stream'),
    find: 'return [...[...states.values()].map(stateOutput),',
    replace: 'return [...[...states.values()].filter(({ entity }) => entity).map(stateOutput),',
  },
];

const ofLaggingStorefront: Mutation[] = [
  {
    name: 'answers-while-behind',
    what: 'an instance that holds older stock than the client has seen answers all the same',
    file: gateway('subscriptions'),
    find: '    if (!isBehind()) return Promise.resolve(true);',
    replace: '    if (!isBehind() || lagWaitMs > 0) return Promise.resolve(true);',
  },
  {
    name: 'waits-and-answers',
    what: 'it waits for its table and answers although it did not catch up',
    file: gateway('subscriptions'),
    find: '() => end(!isBehind()));',
    replace: '() => end(true));',
  },
];

const ofLostHeads: Mutation[] = [
  {
    name: 'claims-over-a-loss',
    what: 'a new owner goes on where the topic begins, though records before that were never applied',
    file: streaming('partition-log'),
    find: '    if (earliest > next) throw this.goneBefore(next, earliest);\n    if (next > end)',
    replace: '    if (next > end)',
  },
  {
    name: 'accepted-unpublished',
    what: 'an accepted loss counts what was committed before it as published',
    file: streaming('accept-loss'),
    find: "  if (loss.kind === 'gone') return { next: loss.to, published,",
    replace: "  if (loss.kind === 'gone') return { next: loss.to, published: published < 0 ? published : loss.to,",
  },
];

const ofTakeovers: Mutation[] = [
  {
    name: 'level-of-yesterday',
    what: 'a new owner tells a level as it was when its last fact came, though a day has ended since',
    file: inventory('stock.stream'),
    find: 'levelOutput(stock.sku, level, committedFigures(',
    replace: 'levelOutput(stock.sku, level, shownFigures(',
  },
  {
    name: 'swept-level-untold',
    what: 'a new owner tells no level that a day which ended has changed and no fact',
    file: inventory('stock.stream'),
    find: '      for (const sku of parts.stored.changedSince(partition, sinceVersion)) skus.add(sku);\n',
    replace: '',
  },
];

const ofReaders: Mutation[] = [
  {
    name: 'written-levels-only',
    what: 'REST shows a level as it is in its collection',
    file: inventory('stock-queries.repository'),
    find: 'levelsIn(newer ? [newer] : [])',
    replace: 'levelsIn(newer && !found ? [newer] : [])',
  },
  {
    name: 'joins-a-reading',
    what: 'who asks while the copies are being read gets what was found before he asked',
    file: streaming('unflushed-reader'),
    find: '    if (!this.running) return this.begin();',
    replace: '    return this.running ?? this.begin();',
  },
];

const ofCompaction: Mutation[] = [
  {
    name: 'compaction-keeps-oldest',
    what: 'of a compacted topic the oldest record of a key is kept',
    file: streaming('testing/simulated-log'),
    find: 'new Map(this.records.map(({ key, offset }) => [key, offset]));',
    replace: 'new Map(this.records.toReversed().map(({ key, offset }) => [key, offset]));',
  },
  {
    name: 'compacted-table-not-ready',
    what: 'a table is ready only when it has read as many records as offsets',
    file: streaming('table'),
    find: 'if (goal !== undefined && last.offset + 1 >= goal) {',
    replace:
      'const read = ((this as any).read ??= new Map()); read.set(last.partition, (read.get(last.partition) ?? 0) + records.length);\n    if (goal !== undefined && read.get(last.partition) >= goal) {',
  },
];

export const SERVICE_MUTATIONS: readonly Mutation[] = [
  ...ofImages,
  ...ofFeeds,
  ...ofCatalog,
  ...ofLaggingStorefront,
  ...ofLostHeads,
  ...ofTakeovers,
  ...ofReaders,
  ...ofCompaction,
];
