import { useConnectionState } from '@shelfline/client/react';
import { useEffect, useState } from 'react';
import { type Language, type TextKey, textIn } from './language.js';
import type { LiveStock } from './live-stock.js';

interface Figures {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly perSecond: number;
}

export function ConnectionBadge({ live, language }: { live: LiveStock; language: Language }) {
  const state = useConnectionState(live.connection);
  const [figures, setFigures] = useState<Figures>();
  useEffect(() => {
    const timer = setInterval(() => {
      const latency = live.connection.latency();
      setFigures(latency ? { ...latency, perSecond: live.updatesPerSecond(Date.now()) } : undefined);
    }, 1000);
    return () => clearInterval(timer);
  }, [live]);
  const text = textIn(language);
  return (
    <div className="connection">
      <span className={`badge ${state}`} role="status" data-state={state}>
        <span className="dot" aria-hidden="true" />
        {text(state satisfies TextKey)}
      </span>
      {figures && (
        <span className="figures" title={text('latencyHelp')}>
          {text('latency')} <b data-testid="latency">{Math.round(figures.p50Ms)} ms</b> / {Math.round(figures.p99Ms)} ms
          · {figures.perSecond.toLocaleString(language, { maximumFractionDigits: 1 })} {text('updates')}
        </span>
      )}
    </div>
  );
}
