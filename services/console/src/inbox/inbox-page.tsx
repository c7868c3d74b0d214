import { useEffect, useState } from 'react';
import type { PlaceView } from '../catalogue.js';
import { type Language, nameIn, numberIn, textIn } from '../language.js';
import { Notice } from '../notice.js';
import { PageHeader } from '../page-header.js';
import { usePageTitle } from '../page-title.js';
import { ReturnsCounter } from '../returns/returns-counter.js';
import { StoreRound } from '../round/store-round.js';
import { storeOfGivenToken } from '../token-source.js';
import { StoreTransfers } from '../transfers/store-transfers.js';
import { useLanguage } from '../use-language.js';
import { usePlaces } from '../use-places.js';
import { addressFor, storeInAddress } from './chosen-store.js';
import './inbox.css';
import { groupStores } from './store-boards.js';
import { StoreInbox } from './store-inbox.js';
import { useStoreBoards } from './use-store-boards.js';
import { useStoreTasks } from './use-store-tasks.js';

export function InboxPage() {
  const [language, setLanguage] = useLanguage();
  const [openTasks, setOpenTasks] = useState(0);
  usePageTitle('inbox', language, openTasks);
  const own = storeOfGivenToken();
  const [store, setStore] = useState(() => own ?? storeInAddress(location.search) ?? '');
  const places = usePlaces();
  const say = textIn(language);
  const isUnknown = store !== '' && places.length > 0 && !places.some(({ code }) => code === store);
  const choose = (code: string): void => {
    history.replaceState(null, '', addressFor(code, location));
    setStore(code);
  };
  return (
    <div className="screen">
      <main className="inbox">
        <PageHeader language={language} onLanguage={setLanguage} page="inbox" />
        <StoreSelect value={store} places={places} isFixed={own !== undefined} language={language} onChange={choose} />
        {store === '' ? (
          <Notice happened={say('chooseHappened')} means={say('chooseMeans')} whatToDo={say('chooseDo')} />
        ) : isUnknown ? (
          <Notice
            isAlert
            happened={say('unknownStoreHappened', { code: store })}
            means={say('unknownStoreMeans')}
            whatToDo={say('unknownStoreDo')}
          />
        ) : (
          <StorePages key={store} store={store} language={language} onOpenTasks={setOpenTasks} />
        )}
      </main>
    </div>
  );
}

interface OneStoreProps {
  readonly store: string;
  readonly language: Language;
  /** How many there are; none once the store is left. */
  readonly onOpenTasks: (count: number) => void;
}
const TABS = { orders: 'tabOrders', round: 'tabRound', returns: 'tabReturns', transfers: 'tabTransfers' } as const;

/** The inbox goes on ringing while somebody takes goods back. */
function StorePages({ store, language, onOpenTasks }: OneStoreProps) {
  const [tab, setTab] = useState<keyof typeof TABS>('orders');
  const say = textIn(language);
  return (
    <>
      <nav className="store-tabs" aria-label={say('storePages')}>
        {(['orders', 'round', 'returns', 'transfers'] as const).map((each) => (
          <button key={each} type="button" aria-pressed={tab === each} onClick={() => setTab(each)}>
            {say(TABS[each])}
          </button>
        ))}
      </nav>
      <div hidden={tab !== 'orders'}>
        <OneStore store={store} language={language} onOpenTasks={onOpenTasks} />
      </div>
      {tab === 'round' && <StoreRound store={store} language={language} />}
      {tab === 'returns' && <ReturnsCounter store={store} language={language} />}
      {tab === 'transfers' && <StoreTransfers store={store} language={language} />}
    </>
  );
}

function OneStore({ store, language, onOpenTasks }: OneStoreProps) {
  const inbox = useStoreTasks(store);
  const openTasks = inbox?.tasks.length ?? 0;
  useEffect(() => {
    onOpenTasks(openTasks);
    return () => onOpenTasks(0);
  }, [openTasks, onOpenTasks]);
  return inbox ? <StoreInbox inbox={inbox} language={language} /> : null;
}

interface StoreSelectProps {
  readonly value: string;
  readonly places: readonly PlaceView[];
  /** A token of a store sees no other. */
  readonly isFixed: boolean;
  readonly language: Language;
  readonly onChange: (code: string) => void;
}

const isStore = ({ type }: PlaceView): boolean => type === 'store' || type === 'agent';

function StoreSelect({ value, places, isFixed, language, onChange }: StoreSelectProps) {
  const stores = places.filter(isStore);
  const { waiting, others } = groupStores(stores, useStoreBoards());
  const say = textIn(language);
  const isListed = stores.some(({ code }) => code === value);
  return (
    <div className="store-choice">
      <select
        value={value}
        aria-label={say('store')}
        disabled={isFixed}
        onChange={(event) => onChange(event.target.value)}
      >
        {value === '' && <option value="">{say('chooseStore')}</option>}
        {value !== '' && !isListed && <option value={value}>{value}</option>}
        {waiting.length > 0 && (
          <optgroup label={say('ordersWaitHere')}>
            {waiting.map(({ place, openTasks }) => (
              <option key={place.code} value={place.code}>
                {nameIn(language, place)} · {place.code} · {say('openCount', { count: numberIn(language, openTasks) })}
              </option>
            ))}
          </optgroup>
        )}
        <optgroup label={say('otherStores')}>
          {others.map((place) => (
            <option key={place.code} value={place.code}>
              {nameIn(language, place)} · {place.code}
            </option>
          ))}
        </optgroup>
      </select>
    </div>
  );
}
