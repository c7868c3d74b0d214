import type { RiskEvent } from '@shelfline/contracts/upkeep';

/** Numbers seen beyond a gap. */
export interface SeenRange {
  readonly from: number;
  readonly to: number;
  /** When the gap before it was first noticed; ms UTC. */
  readonly sinceMs: number;
  /** The gap before it was told. */
  readonly reported: boolean;
}

/** What is known of one source: which of its running numbers came, and whether it is alive. */
export interface Feed {
  readonly source: string;
  /** Every number from the first one seen up to here came; null until there was one. */
  readonly seenTo: number | null;
  readonly ahead: readonly SeenRange[];
  readonly lastSeenAtMs: number;
  /** Only a source that says that it is alive is missed when it does not: a shop is quiet at night. */
  readonly beats: boolean;
  readonly isQuiet: boolean;
}
export interface Observation {
  readonly source: string;
  readonly sequences: readonly number[];
  readonly atMs: number;
  readonly isHeartbeat: boolean;
}
export interface FeedRules {
  readonly quietAfterMs: number;
  /** Numbers come through many partitions, so out of order: a gap counts once it stood open for so long. */
  readonly gapGraceMs: number;
}
export interface FeedDecision {
  readonly feed: Feed;
  readonly risks: readonly RiskEvent[];
}

/** A source that skips more than this is not followed gap by gap: the oldest are given up, and told. */
const MOST_GAPS = 100;

export const newFeed = (source: string): Feed => ({
  source,
  seenTo: null,
  ahead: [],
  lastSeenAtMs: 0,
  beats: false,
  isQuiet: false,
});

/** Seeing the same numbers again changes nothing, and what is not newer than the last sign of life is none. */
export function observeFeed(before: Feed, { sequences, atMs, isHeartbeat }: Observation): FeedDecision {
  const risks: RiskEvent[] = [];
  let { seenTo, ahead } = before;
  if (sequences.length > 0) {
    seenTo ??= sequences.reduce((least, n) => Math.min(least, n)) - 1;
    ahead = unite(ahead, sequences, seenTo, atMs);
    for (let first = ahead[0]; first; first = ahead[0]) {
      const isGap = first.from > seenTo + 1;
      if (isGap && ahead.length <= MOST_GAPS) break;
      if (isGap && !first.reported) risks.push(gapRisk(before.source, seenTo, first, atMs));
      seenTo = Math.max(seenTo, first.to);
      ahead = ahead.slice(1);
    }
  }
  // A new owner of the ledger may say again what was seen before the source fell silent.
  const isBack = before.isQuiet && atMs > before.lastSeenAtMs;
  if (isBack) risks.push(risk('feed_back', before.source, atMs, 'it is heard again', atMs));
  return {
    feed: {
      source: before.source,
      seenTo,
      ahead,
      lastSeenAtMs: Math.max(before.lastSeenAtMs, atMs),
      beats: before.beats || isHeartbeat,
      isQuiet: before.isQuiet && !isBack,
    },
    risks,
  };
}

/** When time alone makes the next risk of it; undefined = never. */
export function feedDueAtMs(
  { beats, isQuiet, lastSeenAtMs, ahead }: Feed,
  { quietAfterMs, gapGraceMs }: FeedRules,
): number | undefined {
  const untold = ahead.filter(({ reported }) => !reported).map(({ sinceMs }) => sinceMs + gapGraceMs);
  const moments = beats && !isQuiet ? [...untold, lastSeenAtMs + quietAfterMs + 1] : untold;
  return moments.length > 0 ? Math.min(...moments) : undefined;
}

/** What time alone makes a risk; each is told once. */
export function judgeFeed(before: Feed, nowMs: number, { quietAfterMs, gapGraceMs }: FeedRules): FeedDecision {
  const risks: RiskEvent[] = [];
  const { source, lastSeenAtMs } = before;
  const isQuiet = before.isQuiet || (before.beats && nowMs - lastSeenAtMs > quietAfterMs);
  if (isQuiet && !before.isQuiet) {
    const since = new Date(lastSeenAtMs).toISOString();
    risks.push(risk('feed_quiet', source, lastSeenAtMs, `nothing was heard of it since ${since}`, nowMs));
  }
  let end = before.seenTo ?? 0;
  const ahead = before.ahead.map((range) => {
    const due = !range.reported && nowMs - range.sinceMs >= gapGraceMs;
    if (due) risks.push(gapRisk(source, end, range, nowMs));
    end = range.to;
    return due ? { ...range, reported: true } : range;
  });
  return { feed: { ...before, ahead, isQuiet }, risks };
}

/** Ascending, neighbours joined; a joined range keeps what is known of the gap before its first. */
function unite(
  ahead: readonly SeenRange[],
  sequences: readonly number[],
  seenTo: number,
  atMs: number,
): readonly SeenRange[] {
  const points = sequences.filter((n) => n > seenTo).map((n) => ({ from: n, to: n, sinceMs: atMs, reported: false }));
  const all = [...ahead, ...points].sort((a, b) => a.from - b.from || b.to - a.to);
  const united: SeenRange[] = [];
  for (const range of all) {
    const last = united.at(-1);
    if (last && range.from <= last.to + 1) united[united.length - 1] = { ...last, to: Math.max(last.to, range.to) };
    else united.push(range);
  }
  return united;
}

const gapRisk = (source: string, seenTo: number, { from }: SeenRange, nowMs: number): RiskEvent =>
  risk('sequence_gap', source, seenTo + 1, `numbers ${seenTo + 1} to ${from - 1} never came`, nowMs);

const risk = (type: RiskEvent['type'], subject: string, mark: number, detail: string, atMs: number): RiskEvent => ({
  id: `${type}/${subject}/${mark}`,
  type,
  subject,
  detail,
  occurredAt: new Date(atMs).toISOString(),
});
