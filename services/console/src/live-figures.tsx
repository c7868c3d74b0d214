import type { LatencyFigures } from '@shelfline/client/storefront';
import { useEffect, useState } from 'react';
import { HELP_ID } from './column-help.js';
import { type Language, numberIn, type Say, textIn, timeIn } from './language.js';
import type { LiveStock } from './live-stock.js';
import type { Freshness } from './use-freshness.js';

interface Figures {
  readonly latency: LatencyFigures | undefined;
  readonly updatesPerSecond: number;
  readonly watched: number;
}
const EVERY_MS = 1000;

function useFigures(live: LiveStock): Figures {
  const [figures, setFigures] = useState<Figures>({ latency: undefined, updatesPerSecond: 0, watched: 0 });
  useEffect(() => {
    const timer = setInterval(
      () =>
        setFigures({
          latency: live.connection.latency(),
          updatesPerSecond: live.updatesPerSecond(Date.now()),
          watched: live.watchedCount,
        }),
      EVERY_MS,
    );
    return () => clearInterval(timer);
  }, [live]);
  return figures;
}

interface LiveFiguresProps {
  readonly live: LiveStock;
  readonly freshness: Freshness;
  readonly language: Language;
}

export function LiveFigures({ live, freshness, language }: LiveFiguresProps) {
  const { latency, updatesPerSecond, watched } = useFigures(live);
  const { state, staleSinceMs } = freshness;
  const say = textIn(language);
  return (
    <dl className="figures">
      <div>
        <dt>{say('connection')}</dt>
        <dd className={`badge ${state}`} role="status" data-state={state}>
          <span className="dot" aria-hidden="true" />
          <span>
            {say(state)}
            {staleSinceMs !== undefined && state !== 'live' && (
              <small>{say('staleSince', { time: timeIn(language, staleSinceMs) })}</small>
            )}
          </span>
        </dd>
      </div>
      <div>
        <dt>
          {say('latency')}
          <button type="button" className="about" popoverTarget={HELP_ID} aria-label={say('help')}>
            ?
          </button>
        </dt>
        <dd>
          <Latency latency={latency} language={language} say={say} />
        </dd>
      </div>
      <div>
        <dt>{say('updates')}</dt>
        <dd>{numberIn(language, updatesPerSecond < 100 ? updatesPerSecond : Math.round(updatesPerSecond))}</dd>
      </div>
      <div className="roomy">
        <dt>{say('watched')}</dt>
        <dd>
          {numberIn(language, watched)} <small>{say('watchedProducts')}</small>
        </dd>
      </div>
    </dl>
  );
}

interface LatencyProps {
  readonly latency: LatencyFigures | undefined;
  readonly language: Language;
  readonly say: Say;
}

/** Nothing takes no time: a median of 0 means that this device's clock is behind the server's. */
function Latency({ latency, language, say }: LatencyProps) {
  if (!latency) return <span data-testid="latency">–</span>;
  if (latency.p50Ms === 0)
    return (
      <span data-testid="latency">
        – <small>{say('clocksDiffer')}</small>
      </span>
    );
  const whole = (ms: number): string => numberIn(language, Math.round(ms));
  return (
    <>
      <span data-testid="latency">
        {whole(latency.p50Ms)} {say('milliseconds')}
      </span>{' '}
      <small>{say('latencyWorst', { ms: whole(latency.p99Ms) })}</small>
    </>
  );
}
