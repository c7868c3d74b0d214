import type { OrderEvent } from '@shelfline/contracts/order-view';
import type { ReturnEvent } from '@shelfline/contracts/return';
import type { Order } from '../domain/order.js';
import { sayRouting } from '../domain/sourcing/say-routing.js';
import { sayNote } from '../order-problems.js';
import type { TimelineEntry } from './order-timeline.repository.js';
import type { TimelineStep } from './timeline-views.js';
import { type Language, REFUSED_WORDS, RETURN_WORDS, ROUTING_WORDS, STEP_WORDS, sayReason } from './timeline-words.js';

export interface Telling {
  readonly language: Language;
  readonly nameOf: (location: string) => string;
}

/** The steps of one message or time-out, in the order in which they were decided. */
export function stepsOf(entry: TimelineEntry, order: Order, telling: Telling): TimelineStep[] {
  const source = sourceOf(entry._id);
  const routings = (entry.routings ?? []).map(({ version, why }): TimelineStep => {
    const details = sayRouting(why, telling.language, telling.nameOf);
    const at = new Date(why.decidedAtMs).toISOString();
    return { at, type: 'routing', words: ROUTING_WORDS[telling.language], details, source, version };
  });
  const told = entry.told.map((event) => toldStep(event, order, source, telling));
  const returned = (entry.returns?.told ?? []).map((event) => returnStep(event, source, telling));
  // What was decided about places follows from the rest of it.
  return [...told, ...returned, ...routings, ...refusalOf(entry, source, telling)];
}

function toldStep(event: OrderEvent, { placed }: Order, source: string, telling: Telling): TimelineStep {
  const { at, type, version, state, by, location, taskId, lineId, units, reason, expectedAt, formerlyExpectedAt } =
    event;
  const place = location === undefined ? '' : telling.nameOf(location);
  const words = STEP_WORDS[type][telling.language]({ place, event });
  return {
    at,
    ...(type === 'placed' ? { sourceAt: placed.placedAt } : {}),
    type,
    words: withMore(words, telling.language, by, reason),
    ...given({ by, location, taskId, lineId, units, reason, expectedAt, formerlyExpectedAt, state }),
    source,
    version,
  };
}

function returnStep(
  { type, at, by, returnId, store, version, lines }: ReturnEvent,
  source: string,
  { language, nameOf }: Telling,
): TimelineStep {
  const units = lines.reduce((sum, line) => sum + line.units, 0);
  const words = RETURN_WORDS[type][language](returnId, units, store === undefined ? '' : nameOf(store));
  return {
    at,
    type: `return_${type}`,
    words: withMore(words, language, by, undefined),
    ...given({ by, returnId, units, location: store }),
    source,
    version,
  };
}

/** Who tried what he may not: it is asked about as often as what was done. */
function refusalOf({ answer, atMs, version }: TimelineEntry, source: string, { language }: Telling): TimelineStep[] {
  // Entries stored before their time was kept do not tell when it was.
  if (answer?.result !== 'refused' || atMs === undefined || version === undefined) return [];
  const { taskId, errors = [] } = answer;
  return [
    {
      at: new Date(atMs).toISOString(),
      type: 'refused',
      words: REFUSED_WORDS[language],
      details: errors.map(sayNote),
      ...given({ taskId }),
      source,
      version,
    },
  ];
}

const TIME = '\u0001due/';
/** An entry's id is `source/id`; the ledger's answers come as messages of the inventory service. */
function sourceOf(id: string): string {
  if (id.startsWith(TIME)) return 'time';
  const source = id.slice(0, id.indexOf('/'));
  return source === 'inventory' ? 'ledger' : source;
}

function withMore(words: string, language: Language, by: string | undefined, reason: string | undefined): string {
  const more = [
    ...(reason === undefined ? [] : [sayReason(reason, language)]),
    ...(by === undefined ? [] : [language === 'en' ? `by ${by}` : `操作人 ${by}`]),
  ];
  if (more.length === 0) return words;
  return language === 'en' ? `${words} (${more.join('; ')})` : `${words}（${more.join('；')}）`;
}

const given = <T extends Readonly<Record<string, unknown>>>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
