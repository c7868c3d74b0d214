import type { Say } from './language.js';
import type { LiveStock } from './live-stock.js';
import { useNow } from './use-now.js';

const QUIET_MS = 30_000;
const LOOK_EVERY_MS = 2000;

/** Development only: without a till nothing moves, and the page would not say how to see it live. */
export function QuietHint({ live, say }: { live: LiveStock; say: Say }) {
  const isQuiet = live.quietForMs(useNow(LOOK_EVERY_MS)) >= QUIET_MS;
  return (
    <div className="quiet-hint" role="status">
      {isQuiet && <p>{say('quiet')}</p>}
    </div>
  );
}
