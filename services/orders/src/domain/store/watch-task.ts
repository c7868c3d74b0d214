import type { OrderContext, OrderDraft } from '../decision.js';
import { levelsFrom } from './escalation-rule.js';
import { afterOpenMs } from './open-time.js';

/** Whoever has to do something is watched from now on, by what the rule says of such a place, while it is open. */
export function watch(draft: OrderDraft, number: number, what: 'accept' | 'pick', context: OrderContext): void {
  const task = draft.order.tasks.find((one) => one.number === number)!;
  const place = context.findLocation(task.location);
  if (!place?.type || !place.mustAccept) return;
  const steps = context.store.escalation?.[place.type]?.[what] ?? [];
  const levels = levelsFrom(steps, (forMs) => afterOpenMs(place, context.atMs, forMs));
  if (levels.length > 0 || task.levels) draft.add({ type: 'watch_started', number, levels });
}
