import type { CheckResult } from '@shelfline/service-kit/health';
import type { Part } from './routing.js';

const ANSWER_WITHIN_MS = 1500;

/** Asks a service whether it is ready: the front door's readiness is that of the whole. */
export async function askReady(part: Part, url: string): Promise<CheckResult> {
  try {
    const answer = await fetch(new URL('/health/ready', url), { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    await answer.body?.cancel();
    return answer.ok ? { ready: true } : { ready: false, detail: `the ${part} service answers ${answer.status}` };
  } catch {
    return { ready: false, detail: `the ${part} service does not answer` };
  }
}
