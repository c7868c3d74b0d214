import type { Metrics } from '@shelfline/service-kit/metrics';
import { PARTS, type Part } from './routing.js';

const ANSWER_WITHIN_MS = 2000;
/** A service has some hundred series; whatever answers more than this is not one. */
const MAX_CHARACTERS = 4 * 1024 * 1024;

/** The front door's metrics are those of the whole. What a part that does not answer measures is not known, hence left out. */
export function showPartsMetrics(metrics: Metrics, upstreams: Readonly<Record<Part, string>>): void {
  const answered = metrics.gauge({
    name: 'shelfline_gateway_part_up',
    help: '1 when a service answered the last time its metrics were asked for through the front door',
    labelNames: ['part'],
  });
  metrics.include(async () => {
    const texts = await Promise.all(PARTS.map((part) => readMetrics(upstreams[part])));
    for (const [i, part] of PARTS.entries()) answered.set({ part }, texts[i] === undefined ? 0 : 1);
    return texts.filter((text) => text !== undefined);
  });
}

async function readMetrics(url: string): Promise<string | undefined> {
  try {
    const answer = await fetch(new URL('/metrics/own', url), { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const text = await answer.text();
    return answer.ok && text.length <= MAX_CHARACTERS ? text : undefined;
  } catch {
    return undefined;
  }
}
