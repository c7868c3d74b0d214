import type { Say } from './language.js';
import { Notice } from './notice.js';
import type { CatalogueState } from './use-catalogue.js';

interface ListNoticeProps {
  readonly catalogue: CatalogueState;
  readonly search: string;
  readonly say: Say;
  readonly onClearSearch: () => void;
}

/** Stands where the list would, as long as there is nothing to list. */
export function ListNotice({ catalogue, search, say, onClearSearch }: ListNoticeProps) {
  const { failure, loading, products, retry } = catalogue;
  const retryButton = (
    <button type="button" onClick={retry}>
      {say('retry')}
    </button>
  );
  if (failure === 'sign-in')
    return (
      <Notice isAlert happened={say('signInHappened')} means={say('signInMeans')} whatToDo={say('signInDo')}>
        {retryButton}
      </Notice>
    );
  if (failure && products.length === 0)
    return (
      <Notice isAlert happened={say('catalogueHappened')} means={say('catalogueMeans')} whatToDo={say('catalogueDo')}>
        {retryButton}
      </Notice>
    );
  if (products.length > 0) return null;
  if (loading) return <LoadingRows label={say('loading')} />;
  if (search !== '')
    return (
      <Notice happened={say('noMatchHappened', { search })} means={say('noMatchMeans')} whatToDo={say('noMatchDo')}>
        <button type="button" onClick={onClearSearch}>
          {say('clearSearch')}
        </button>
      </Notice>
    );
  return <Notice happened={say('noProductsHappened')} means={say('noProductsMeans')} whatToDo={say('noProductsDo')} />;
}

const PLACEHOLDERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

function LoadingRows({ label }: { label: string }) {
  return (
    <div className="loading" role="status">
      <span className="unseen">{label}</span>
      {PLACEHOLDERS.map((key) => (
        <span key={key} className="placeholder" aria-hidden="true" />
      ))}
    </div>
  );
}
