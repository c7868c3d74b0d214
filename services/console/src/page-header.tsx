import { ColumnHelp, HELP_ID } from './column-help.js';
import { type Language, textIn } from './language.js';
import { type PageName, TITLES } from './page-title.js';

interface PageHeaderProps {
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
  readonly page: PageName;
}

const HINTS = { stock: 'hint', inbox: 'inboxHint', track: 'trackHint', none: 'noPageHint' } as const;

export function PageHeader({ language, onLanguage, page }: PageHeaderProps) {
  const say = textIn(language);
  const isStock = page === 'stock';
  // A token in the fragment goes along: the other page would have nobody signed in.
  const otherPage = `${isStock ? '/store' : '/'}${location.hash}`;
  const other = language === 'en' ? 'zh' : 'en';
  return (
    <header>
      <img src="/shelfline.svg" alt="" width="36" height="36" />
      <div className="name-and-hint">
        <h1>
          Shelfline <span>{say(TITLES[page])}</span>
        </h1>
        <p>{say(HINTS[page])}</p>
      </div>
      {page !== 'track' && page !== 'none' && (
        <a className="page-link" href={otherPage}>
          {say(isStock ? 'toInbox' : 'toStock')}
        </a>
      )}
      {isStock && (
        <button type="button" className="quiet" popoverTarget={HELP_ID} aria-label={say('help')} title={say('help')}>
          ?
        </button>
      )}
      <button
        type="button"
        className="quiet language"
        lang={other === 'zh' ? 'zh-CN' : 'en'}
        aria-label={say('languageLabel')}
        onClick={() => onLanguage(other)}
      >
        {say('language')}
      </button>
      {isStock && <ColumnHelp language={language} />}
    </header>
  );
}
