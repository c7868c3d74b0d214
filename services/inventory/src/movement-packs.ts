import { VERSIONS_PER_GENERATION } from '@shelfline/contracts/stock-level';
import type { ShortfallNotice } from '@shelfline/contracts/stock-outcome';
import type { EntryLayout } from '@shelfline/streaming/mongo-partition-store';
import type { LedgerEntry } from '@shelfline/streaming/stream';
import { packTrace, tracesOf } from './entry-traces.js';
import type { DeliveryNotice } from './stock-entry.js';
import { type Effect, isStockEntry, StockEntry, type StoredAnswer } from './stock-entry.js';
import { type StoredMessage, saysWhen } from './stored-message.js';

/**
 * Entries of one commit as they lie in `movements`: some hundred to a document, each a line of text. What a document
 * costs the server, and above all what each of its index entries does, is then paid once for all movements of a SKU in
 * the batch; a movement by itself would cost both sides several times as much.
 */
export interface MovementPack {
  /** Names the commit. */
  _id: string;
  partition: number;
  /** Of its entries, line by line; in no other pack. */
  ids: readonly string[];
  skus: readonly string[];
  /** Between these its movements occurred, within one hour by the clock. */
  firstAt: Date;
  lastAt: Date;
  /** See `lineOf`. In JSON no line breaks are left, so they divide. */
  lines: string;
  /** See entry-traces.ts. */
  traces?: readonly string[];
  isTraced?: true;
}

const MOST_ENTRIES = 100;
/** One line may be longer: a movement of thousands of serial numbers has a megabyte. */
const MOST_CHARACTERS = 256 * 1024;
/** So that a movement that came a year late is not looked for among today's. */
const STRETCH_MS = 3_600_000;

/** What is beside the movement in its line, where there is anything to say. */
interface Beside {
  readonly outcome?: string;
  readonly answer?: StoredAnswer;
  readonly shortfalls?: readonly ShortfallNotice[];
  readonly arrivals?: readonly DeliveryNotice[];
}
/** `content` is what is published, but for its effects. */
type Line = readonly [
  sku: string,
  version: number,
  effects: readonly Effect[],
  content: StoredMessage & { readonly version: number; readonly recordedAt: string; readonly occurredAt: string },
  beside?: Beside,
];

/** What a recount reads stands first. Other entries (forwards, repeats) are objects. */
function lineOf(entry: LedgerEntry): string {
  if (!isStockEntry(entry)) return JSON.stringify(entry);
  const { outcome, answer, shortfalls, arrivals } = entry;
  const isPlain = outcome === 'applied' && !answer && !shortfalls && !arrivals;
  const beside = isPlain ? '' : `,${JSON.stringify({ outcome, answer, shortfalls, arrivals })}`;
  return `${lineHead(entry.sku)}${entry.version},${entry.effectsText},${entry.openContent}}${beside}]`;
}
/** Lines of a SKU's movements, and no others, begin so. */
const lineHead = (sku: string): string => `[${JSON.stringify(sku)},`;

function toPacks(entries: readonly LedgerEntry[], commit: string): MovementPack[] {
  const packs: MovementPack[] = [];
  let open = new OpenPack();
  const close = () => {
    packs.push(open.closed(`${commit}/${packs.length}`));
    open = new OpenPack();
  };
  for (const group of groupsOf(entries))
    for (const entry of group) {
      const line = lineOf(entry);
      if (!open.takes(entry, line)) close();
      open.add(entry, line);
    }
  if (open.size > 0) close();
  return packs;
}

/** By the hour in which they occurred and by SKU, each in the order of the ledger. */
function groupsOf(entries: readonly LedgerEntry[]): LedgerEntry[][] {
  const stretches = new Map<number, Map<string, LedgerEntry[]>>();
  for (const entry of entries) {
    const stretch = stretchOf(entry);
    let skus = stretches.get(stretch);
    if (!skus) stretches.set(stretch, (skus = new Map()));
    const sku = isStockEntry(entry) ? entry.sku : '';
    const group = skus.get(sku);
    if (group) group.push(entry);
    else skus.set(sku, [entry]);
  }
  return [...stretches.keys()]
    .sort((a, b) => a - b)
    .flatMap((stretch) => {
      const skus = stretches.get(stretch)!;
      return [...skus.keys()].sort().map((sku) => skus.get(sku)!);
    });
}

const stretchOf = (entry: LedgerEntry): number => (isStockEntry(entry) ? Math.floor(entry.atMs / STRETCH_MS) : 0);

class OpenPack {
  private partition = 0;
  private readonly ids: string[] = [];
  private readonly skus = new Set<string>();
  private readonly traces = new Set<string>();
  private readonly lines: string[] = [];
  private characters = 0;
  private firstAtMs = 0;
  private lastAtMs = 0;

  get size(): number {
    return this.ids.length;
  }
  takes(entry: LedgerEntry, line: string): boolean {
    if (this.size === 0) return true;
    if (this.size === MOST_ENTRIES || this.characters + line.length > MOST_CHARACTERS) return false;
    const { firstAtMs } = this;
    return stretchOf(entry) === Math.floor(firstAtMs / STRETCH_MS);
  }
  add(entry: LedgerEntry, line: string): void {
    if (isStockEntry(entry)) {
      const { atMs, sku, traces } = entry;
      this.firstAtMs = this.size === 0 ? atMs : Math.min(this.firstAtMs, atMs);
      this.lastAtMs = this.size === 0 ? atMs : Math.max(this.lastAtMs, atMs);
      if (sku !== '') this.skus.add(sku);
      for (const trace of traces ?? []) this.traces.add(packTrace(sku, trace));
    }
    this.partition = entry.partition;
    this.ids.push(entry._id);
    this.lines.push(line);
    this.characters += line.length;
  }
  closed(_id: string): MovementPack {
    const traces = [...this.traces];
    return {
      _id,
      partition: this.partition,
      ids: this.ids,
      skus: [...this.skus],
      firstAt: new Date(this.firstAtMs),
      lastAt: new Date(this.lastAtMs),
      lines: this.lines.join('\n'),
      ...(traces.length > 0 ? { traces, isTraced: true as const } : {}),
    };
  }
}

/** Entry of a line; `_id` is in the pack. */
function entryOf(pack: Pick<MovementPack, 'partition'>, _id: string, text: string): LedgerEntry {
  const line = JSON.parse(text) as Line | LedgerEntry;
  if (!isMovement(line)) return line;
  const [, version, effects, { version: _, recordedAt, ...message }, beside = {}] = line;
  const { outcome = 'applied', answer, shortfalls, arrivals } = beside;
  const recordedAtMs = Date.parse(recordedAt);
  return new StockEntry(message as never, {
    id: _id,
    partition: pack.partition,
    offset: version % VERSIONS_PER_GENERATION,
    outcome,
    atMs: saysWhen(message.type) ? Date.parse(message.occurredAt) : recordedAtMs,
    recordedAtMs,
    version,
    effects,
    answer,
    shortfalls,
    arrivals,
    traces: tracesOf(message, effects),
  });
}
const isMovement = (line: Line | LedgerEntry): line is Line => Array.isArray(line);

export const linesIn = ({ lines }: Pick<MovementPack, 'lines'>): string[] => lines.split('\n');

export function entriesIn(pack: MovementPack, wanted?: ReadonlySet<string>): LedgerEntry[] {
  const lines = linesIn(pack);
  return pack.ids.flatMap((_id, i) => (wanted && !wanted.has(_id) ? [] : [entryOf(pack, _id, lines[i]!)]));
}

/** Movements of one SKU, in the order of the ledger. */
export function movementsIn(pack: MovementPack, sku: string): StockEntry[] {
  const head = lineHead(sku);
  return linesIn(pack).flatMap((line, i) =>
    line.startsWith(head) ? [entryOf(pack, pack.ids[i]!, line) as StockEntry] : [],
  );
}

/** What a line says was moved; undefined where it is of no movement. */
export function effectsIn(text: string): { readonly sku: string; readonly effects: readonly Effect[] } | undefined {
  const line = JSON.parse(text) as Line | LedgerEntry;
  return isMovement(line) ? { sku: line[0], effects: line[2] } : undefined;
}

/** For the store of the ledger's entries. */
export const MOVEMENT_PACKS: EntryLayout = {
  toDocuments: (entries, commit) => toPacks(entries, commit),
  toEntries: (document, wanted) => entriesIn(document as unknown as MovementPack, wanted),
  holding: (ids) => ({ ids: { $in: [...ids] } }),
};
