import { STATUS_TERMS, STOCK_TERMS, type Term } from '@shelfline/contracts/terms';
import { type Language, textIn } from './language.js';

export const HELP_ID = 'column-help';

export function ColumnHelp({ language }: { language: Language }) {
  const say = textIn(language);
  const meaning = (term: Term): string => (language === 'zh' ? term.descriptionZh : term.description);
  const stop = language === 'zh' ? '。' : '.';
  return (
    <div id={HELP_ID} popover="auto" className="help" role="dialog" aria-label={say('help')}>
      <h2>{say('help')}</h2>
      <dl>
        <dt>{STOCK_TERMS.available[language]}</dt>
        <dd>
          {meaning(STOCK_TERMS.available)}
          {stop} {say('helpAvailable')}
        </dd>
        <dt>{say('status')}</dt>
        <dd>
          {Object.entries(STATUS_TERMS).map(([status, term]) => (
            <span key={status} className="status-meaning">
              <span className={`status ${status}`}>{term[language]}</span> {meaning(term)}
            </span>
          ))}
        </dd>
        <dt>{say('trend')}</dt>
        <dd>{say('helpTrend')}</dd>
        <dt>{say('active')}</dt>
        <dd>{say('helpActive')}</dd>
        <dt>{say('latency')}</dt>
        <dd>{say('helpLatency')}</dd>
        <dt>{say('watched')}</dt>
        <dd>{say('helpWatched')}</dd>
      </dl>
      <button type="button" popoverTarget={HELP_ID} popoverTargetAction="hide">
        {say('close')}
      </button>
    </div>
  );
}
