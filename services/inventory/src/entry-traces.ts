import type { StockCommand, StockFact } from '@shelfline/contracts/stock-delta';
import type { Effect } from './stock-entry.js';

/** By these an entry is found when a lot is recalled or a serial number looked for. */
export const lotTrace = (lot: string): string => `lot:${lot}`;
export const serialTrace = (serial: string): string => `serial:${serial}`;

/** What the message names and what its effects took; undefined where there is nothing, so that it costs nothing. */
export function tracesOf(message: StockFact | StockCommand, effects: readonly Effect[]): readonly string[] | undefined {
  const isNamed = message.lot !== undefined || message.serials !== undefined;
  if (!isNamed && !effects.some(({ lots }) => lots !== undefined)) return undefined;
  const traces = new Set<string>();
  if (typeof message.lot === 'string') traces.add(lotTrace(message.lot));
  if (Array.isArray(message.serials)) for (const serial of message.serials) traces.add(serialTrace(String(serial)));
  for (const { lots = [] } of effects) for (const { lot } of lots) traces.add(lotTrace(lot));
  return traces.size > 0 ? [...traces] : undefined;
}

/** Only entries that have some are in it, so that others cost nothing. */
export const TRACES_INDEX = { sku: 1, traces: 1, at: 1, version: 1, _id: 1 } as const;
