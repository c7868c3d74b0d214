import type { Effect } from './stock-entry.js';

/** By these an entry is found when a lot is recalled or a serial number looked for. */
export const lotTrace = (lot: string): string => `lot:${lot}`;
export const serialTrace = (serial: string): string => `serial:${serial}`;

/** What the message names and what its effects took; undefined where there is nothing, so that it costs nothing. */
export function tracesOf(
  message: Readonly<Record<string, unknown>>,
  effects: readonly Effect[],
): readonly string[] | undefined {
  const isNamed = message['lot'] !== undefined || message['serials'] !== undefined;
  if (!isNamed && !effects.some(({ lots }) => lots !== undefined)) return undefined;
  const traces = new Set<string>();
  const { lot: named, serials } = message;
  if (typeof named === 'string') traces.add(lotTrace(named));
  if (Array.isArray(serials)) for (const serial of serials) traces.add(serialTrace(String(serial)));
  for (const { lots = [] } of effects) for (const { lot } of lots) traces.add(lotTrace(lot));
  return traces.size > 0 ? [...traces] : undefined;
}

/** A pack is of several SKUs, and no index is over two lists. No SKU holds a `|`. */
export const packTrace = (sku: string, trace: string): string => `${sku}|${trace}`;

/** Only packs that have some are in it, so that others cost nothing. */
export const TRACES_INDEX = { traces: 1, lastAt: 1 } as const;
