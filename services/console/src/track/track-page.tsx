import { useTrackedOrder } from '@shelfline/client/react';
import { connectStorefront, type StorefrontConnection } from '@shelfline/client/storefront';
import { useEffect, useState } from 'react';
import { type Language, textIn, timeIn } from '../language.js';
import { Notice } from '../notice.js';
import { PageHeader } from '../page-header.js';
import { usePageTitle } from '../page-title.js';
import { useLanguage } from '../use-language.js';
import './track.css';
import { tokenInAddress } from './tracked-details.js';
import { TrackedOrderView } from './tracked-order-view.js';
import { useTrackedDetails } from './use-tracked-details.js';

/** The address of an order's signed link leads here. */
export function TrackPage() {
  const [language, setLanguage] = useLanguage();
  usePageTitle('track', language);
  const [token, setToken] = useState(() => tokenInAddress(location.hash));
  const say = textIn(language);
  useEffect(() => {
    const changed = () => setToken(tokenInAddress(location.hash));
    window.addEventListener('hashchange', changed);
    return () => window.removeEventListener('hashchange', changed);
  }, []);
  return (
    <div className="screen">
      <main className="track">
        <PageHeader language={language} onLanguage={setLanguage} page="track" />
        {token === undefined ? (
          <Notice happened={say('trackNoneHappened')} means={say('trackNoneMeans')} whatToDo={say('trackNoneDo')} />
        ) : (
          <OneOrder key={token} token={token} language={language} />
        )}
      </main>
    </div>
  );
}

interface OneOrderProps {
  readonly token: string;
  readonly language: Language;
}

/** The link is the token of the connection too: its holder has no account here. */
function OneOrder({ token, language }: OneOrderProps) {
  const followed = useFollowing(token);
  return followed ? <LiveOrder {...followed} token={token} language={language} /> : null;
}

interface Following {
  readonly connection: StorefrontConnection;
  /** Undefined while it is live, and before it first was. */
  readonly offlineSinceMs: number | undefined;
}

function useFollowing(token: string): Following | undefined {
  const [following, setFollowing] = useState<Following>();
  useEffect(() => {
    const connection = connectStorefront({ url: location.origin, token });
    let wasLive = false;
    const show = (offlineSinceMs: number | undefined): void => setFollowing({ connection, offlineSinceMs });
    const stop = connection.onState((state) => {
      if (state === 'live') show(undefined);
      else if (wasLive) show(Date.now());
      wasLive = state === 'live';
    });
    show(undefined);
    return () => {
      stop();
      connection.close();
      setFollowing(undefined);
    };
  }, [token]);
  return following;
}

function LiveOrder({ connection, offlineSinceMs, token, language }: OneOrderProps & Following) {
  const order = useTrackedOrder(connection, token);
  const answer = useTrackedDetails(token, order?.version);
  const say = textIn(language);
  if (answer?.kind === 'refused')
    return (
      <Notice
        isAlert
        happened={say('trackRefusedHappened')}
        means={say('trackRefusedMeans')}
        whatToDo={say('trackRefusedDo')}
      />
    );
  if (!order)
    return answer?.kind === 'away' ? (
      <Notice isAlert happened={say('trackAwayHappened')} means={say('trackAwayMeans')} whatToDo={say('trackAwayDo')} />
    ) : (
      <Notice happened={say('trackSoon')} />
    );
  return (
    <>
      {offlineSinceMs !== undefined && (
        <p className="track-offline" role="status">
          {say('trackOffline', { time: timeIn(language, offlineSinceMs) })}
        </p>
      )}
      <TrackedOrderView
        order={order}
        details={answer?.kind === 'found' ? answer.details : undefined}
        language={language}
      />
    </>
  );
}
