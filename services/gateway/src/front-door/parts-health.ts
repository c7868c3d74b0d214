import type { CheckResult } from '@shelfline/service-kit/health';
import { z } from 'zod';
import type { Part } from './routing.js';

const ANSWER_WITHIN_MS = 1500;
const SHOWN_CHARACTERS = 300;
const Report = z.object({
  checks: z.record(z.string(), z.object({ ready: z.boolean(), detail: z.string().optional() })),
});

/** Asks a service whether it is ready: the front door's readiness is that of the whole. */
export async function askReady(part: Part, url: string): Promise<CheckResult> {
  try {
    const answer = await fetch(new URL('/health/ready', url), { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    if (answer.ok) {
      await answer.body?.cancel();
      return { ready: true };
    }
    const waiting = waitingFor(await answer.text());
    return { ready: false, detail: waiting ? `waits for ${waiting}` : `the ${part} service answers ${answer.status}` };
  } catch {
    return { ready: false, detail: `the ${part} service does not answer` };
  }
}

/** What a service that is not ready says is away: itself it is there, and restarting it would mend nothing. */
function waitingFor(body: string): string | undefined {
  try {
    const { checks } = Report.parse(JSON.parse(body));
    const waiting = Object.entries(checks).flatMap(([name, { ready, detail }]) =>
      ready ? [] : [detail === undefined ? name : `${name} (${detail})`],
    );
    return waiting.length > 0 ? waiting.join(', ').slice(0, SHOWN_CHARACTERS) : undefined;
  } catch {
    return undefined;
  }
}
