import { type Figure, isMet } from './figures.ts';
import type { OrderResult } from './orders/order-result.ts';
import { ordersPassed } from './run-orders.ts';
import { hasPassed, type RunResult } from './run-scenario.ts';
import { type SocketResult, socketsPassed } from './run-sockets.ts';

const SHOWN = 5;

interface Judging {
  readonly strict: boolean;
}

const figure = (count: number): string => count.toLocaleString('en-GB');
const some = (found: readonly string[]): string =>
  found.length === 0
    ? '0'
    : `${figure(found.length)} (${found.slice(0, SHOWN).join(', ')}${found.length > SHOWN ? ', …' : ''})`;

const injected = (faults: Readonly<Record<string, number>>): string =>
  Object.entries(faults)
    .map(([fault, times]) => `${figure(times)} × ${fault}`)
    .join(', ') || 'none';

const remarks = (notes: readonly string[], logs: string | undefined): string =>
  `${notes.map((note) => `  noted              ${note}\n`).join('')}${logs ? `  logs kept in       ${logs}\n` : ''}`;

const lines = (figures: readonly Figure[], { strict }: Judging): string =>
  figures
    .map((one) => {
      const { what, value, limit, unit, isTiming } = one;
      const missed = isTiming && !strict ? 'missed, not judged' : 'MISSED';
      return `  ${`${what}:`.padEnd(38)} ${figure(value)} ${unit} (at most ${figure(limit)})${isMet(one) ? '' : ` ${missed}`}\n`;
    })
    .join('');

/** What a run is summed up to for people. */
export function describe(result: RunResult, judging: Judging): string {
  const { scenario, seed, skipped, seconds, faults, acknowledged, verdict, longestPauseMs, notes, deadLetters } =
    result;
  if (skipped !== undefined) return `- ${scenario}: skipped. ${skipped}\n`;
  const { lost, doubled, wrongLevels, staleRecords, staleAvailability, wrongPromises, unannounced } = verdict;
  return `${hasPassed(result, judging) ? '✓' : '✗'} ${scenario} (seed ${seed}, ${seconds} s)
  faults injected    ${injected(faults)}
  acknowledged       ${figure(acknowledged)} deltas, ${figure(result.sentMoreThanOnce)} of them sent more than once; ${figure(result.promises)} reservations, ${figure(result.commands)} commands answered
  lost               ${some(lost)}
  doubled            ${some(doubled)}
  wrong levels       ${some(wrongLevels)}
  stale records      ${some(staleRecords)}
  stale availability ${some(staleAvailability)}
  wrong promises     ${some(wrongPromises)}
  oversold           ${some(verdict.oversold)}
  never announced    ${some(unannounced)}
  dead letters       ${deadLetters}
  longest pause      ${figure(longestPauseMs.acknowledged)} ms without an acknowledgement, ${figure(longestPauseMs.applied)} ms without anything applied
${lines(result.figures, judging)}${remarks(notes, result.logs)}`;
}

export function describeSockets(result: SocketResult, judging: Judging): string {
  const { scenario, seed, seconds, sockets, changes, faults, verdict, figures, notes, logs } = result;
  return `${socketsPassed(result, judging) ? '✓' : '✗'} ${scenario} (seed ${seed}, ${seconds} s)
  faults injected    ${injected(faults)}
  sockets            ${figure(sockets)}, ${figure(changes)} changes of stock
  lost               ${some(verdict.lost)}
  doubled            ${some(verdict.doubled)}
  wrong              ${some(verdict.wrong)}
${lines(figures, judging)}${remarks(notes, logs)}`;
}

/** A line for people, then the whole as JSON: its figures are many, and differ from run to run. */
export function describeOrders(result: OrderResult): string {
  const { scenario, seed, seconds, orders, faults, verdict, notes, logs, ...rest } = result;
  const counts = Object.fromEntries(Object.entries(verdict).map(([what, found]) => [what, found.length]));
  const wrong = Object.entries(verdict).filter(([, found]) => found.length > 0);
  return `${ordersPassed(result) ? '✓' : '✗'} ${scenario} (seed ${seed}, ${seconds} s)
  faults injected    ${injected(faults)}
${wrong.map(([what, found]) => `  ${what.padEnd(18)} ${some(found)}\n`).join('')}${remarks(notes, logs)}${JSON.stringify({ orders, ...rest, ...counts }, undefined, 2)}
`;
}
