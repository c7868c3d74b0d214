import type { CatalogChange, CatalogKind } from '@shelfline/contracts/catalog';
import { entityCodeField } from '@shelfline/contracts/catalog-csv';
import type { FieldNote } from '@shelfline/contracts/catalog-outcome';
import type { CatalogRepository } from './catalog.repository.js';
import { badRequest, notFound, refusal, titleOf, unavailable } from './catalog-problems.js';
import type { Answer, CatalogWriter } from './catalog-writer.js';
import type { CatalogEntry, Entity } from './domain/catalog-entry.js';
import { searchQuery } from './domain/search-tokens.js';
import { type NewChange, newChange } from './new-change.js';

export interface ListRequest {
  readonly equal: Readonly<Record<string, string | undefined>>;
  readonly search?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}
export interface WriteAnswer {
  readonly result: 'applied' | 'unchanged' | 'pending';
  readonly code: string;
  readonly version?: number;
  readonly warnings?: readonly FieldNote[];
  /** Where the outcome of a pending change can be read. */
  readonly outcome?: string;
}
interface RejectedItem {
  readonly index: number;
  readonly code: string | null;
  readonly type: string;
  readonly title: string;
  readonly detail: string;
}
export interface BulkAnswer {
  readonly accepted: number;
  readonly unchanged: number;
  readonly pending: number;
  readonly rejected: readonly RejectedItem[];
}

/** What the REST controllers of all kinds have in common: requests in, answers and problems out. */
export class CatalogRest {
  constructor(
    private readonly repository: CatalogRepository,
    private readonly writer: CatalogWriter,
  ) {}

  async list(kind: CatalogKind, { equal: wanted, search, limit, cursor }: ListRequest) {
    const query = search === undefined ? undefined : searchQuery(search);
    const after = cursor === undefined ? undefined : readCursor(cursor);
    const equal = Object.fromEntries(Object.entries(wanted).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])));
    // Whoever types a whole SKU or barcode means that product: it comes first, out of the order of codes.
    const named = search === undefined ? undefined : await this.repository.findNamed(search.trim(), equal);
    const first = named && after === undefined ? [named] : [];
    const others = await this.repository.list(kind, {
      equal,
      ...(query ? { search: query } : {}),
      ...(named ? { without: named.code } : {}),
      ...(after === undefined || after === BEFORE_ALL ? {} : { after }),
      limit: limit - first.length + 1,
    });
    const shown = others.slice(0, limit - first.length);
    const next = others.length > shown.length ? cursorAfter(shown.at(-1)?.code ?? BEFORE_ALL) : null;
    return { items: [...first, ...shown].map(viewOf), next };
  }

  async get(kind: CatalogKind, code: string) {
    const entry = await this.repository.findEntry(kind, code);
    if (!entry) throw notFound(kind, code);
    return viewOf(entry);
  }

  put(kind: CatalogKind, code: string, body: unknown, expectedVersion: number | undefined): Promise<WriteAnswer> {
    if (!isObject(body)) throw badRequest('The body must be a JSON object', '');
    return this.submitOne(newChange(kind, code, body, expectedVersion));
  }

  remove(kind: CatalogKind, code: string, expectedVersion: number | undefined): Promise<WriteAnswer> {
    if (code.length > MAX_CODE_CHARACTERS) throw notFound(kind, code);
    return this.submitOne(newChange(kind, code, null, expectedVersion));
  }

  async bulk(kind: CatalogKind, items: readonly unknown[]): Promise<BulkAnswer> {
    const rejected: RejectedItem[] = [];
    const sent: { index: number; change: CatalogChange }[] = [];
    items.forEach((item, index) => {
      const change = changeOf(kind, item);
      if (change.ok) sent.push({ index, change: change.change });
      else rejected.push(rejectedItem(index, codeOf(kind, item), change.errors));
    });
    const answers = await this.writer.submit(sent.map(({ change }) => change));
    const counts = { applied: 0, unchanged: 0, pending: 0 };
    answers.forEach((answer, i) => {
      const { index, change } = sent[i]!;
      if (answer.kind === 'pending') counts.pending++;
      else if (answer.kind === 'unavailable') rejected.push(unavailableItem(index, change.code, answer.detail));
      else if (answer.outcome.result === 'refused')
        rejected.push(rejectedItem(index, change.code, answer.outcome.errors ?? []));
      else counts[answer.outcome.result]++;
    });
    rejected.sort((a, b) => a.index - b.index);
    return { accepted: counts.applied, unchanged: counts.unchanged, pending: counts.pending, rejected };
  }

  async outcome(source: string, id: string) {
    const outcome = await this.writer.findOutcome(`${source}/${id}`);
    if (!outcome) throw notFound('changes', `${source}/${id}`);
    return outcome;
  }

  private async submitOne(change: NewChange): Promise<WriteAnswer> {
    if (!change.ok) throw refusal(change.errors);
    const [answer] = await this.writer.submit([change.change]);
    return writeAnswer(change.change, answer!);
  }
}

const MAX_CODE_CHARACTERS = 64;
/** Sorts before every code: the first page had room for the named product only. */
const BEFORE_ALL = '\u0000';

const cursorAfter = (code: string): string => Buffer.from(code).toString('base64url');

const viewOf = ({ entity, version, updatedAtMs }: CatalogEntry) => ({
  ...entity,
  version,
  updatedAt: new Date(updatedAtMs).toISOString(),
});

const isObject = (value: unknown): value is Entity =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readCursor(cursor: string): string {
  const code = Buffer.from(cursor, 'base64url').toString();
  if (code === '' || code.length > MAX_CODE_CHARACTERS)
    throw badRequest('Use the value of `next` of the page before, as it is', 'cursor');
  return code;
}

function writeAnswer({ source, id, code }: CatalogChange, answer: Answer): WriteAnswer {
  if (answer.kind === 'unavailable') throw unavailable(answer.detail);
  if (answer.kind === 'pending') return { result: 'pending', code, outcome: `/api/catalog/changes/${source}/${id}` };
  const { result, version, errors, warnings } = answer.outcome;
  if (result === 'refused') throw refusal(errors ?? []);
  return { result, code, version, ...(warnings ? { warnings } : {}) };
}

function codeOf(kind: CatalogKind, item: unknown): string | null {
  const code = isObject(item) ? item[entityCodeField(kind)] : undefined;
  return typeof code === 'string' ? code.slice(0, MAX_CODE_CHARACTERS) : null;
}

function changeOf(kind: CatalogKind, item: unknown): NewChange {
  if (!isObject(item)) return { ok: false, errors: [{ field: '', code: 'invalid', detail: 'must be a JSON object' }] };
  const code = item[entityCodeField(kind)];
  return newChange(kind, typeof code === 'string' ? code : '', item);
}

function rejectedItem(index: number, code: string | null, notes: readonly FieldNote[]): RejectedItem {
  const { slug, title } = titleOf(notes);
  const detail = notes.map(({ field, detail: text }) => (field === '' ? text : `${field}: ${text}`)).join('; ');
  return { index, code, type: slug, title, detail };
}

const unavailableItem = (index: number, code: string, detail: string): RejectedItem => ({
  index,
  code,
  type: 'unavailable',
  title: 'The change could not be written',
  detail: `${detail}. Sending it again does no harm.`,
});
