import { ColumnHelp, HELP_ID } from './column-help.js';
import { type Language, textIn } from './language.js';

interface PageHeaderProps {
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
}

export function PageHeader({ language, onLanguage }: PageHeaderProps) {
  const say = textIn(language);
  const other = language === 'en' ? 'zh' : 'en';
  return (
    <header>
      <img src="/shelfline.svg" alt="" width="36" height="36" />
      <div className="name-and-hint">
        <h1>
          Shelfline <span>{say('title')}</span>
        </h1>
        <p>{say('hint')}</p>
      </div>
      <button type="button" className="quiet" popoverTarget={HELP_ID} aria-label={say('help')} title={say('help')}>
        ?
      </button>
      <button
        type="button"
        className="quiet language"
        lang={other === 'zh' ? 'zh-CN' : 'en'}
        aria-label={say('languageLabel')}
        onClick={() => onLanguage(other)}
      >
        {say('language')}
      </button>
      <ColumnHelp language={language} />
    </header>
  );
}
