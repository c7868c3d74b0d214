import { textIn } from './language.js';
import { Notice } from './notice.js';
import { PageHeader } from './page-header.js';
import { usePageTitle } from './page-title.js';
import { useLanguage } from './use-language.js';

export function NoSuchPage() {
  const [language, setLanguage] = useLanguage();
  usePageTitle('none', language);
  const say = textIn(language);
  // A token in the fragment goes along: the other page would have nobody signed in.
  const { hash } = location;
  return (
    <div className="screen">
      <main>
        <PageHeader language={language} onLanguage={setLanguage} page="none" />
        <Notice
          isAlert
          happened={say('noPageHappened', { path: location.pathname })}
          means={say('noPageMeans')}
          whatToDo={say('noPageDo')}
        >
          <ul className="page-list">
            <li>
              <a href={`/${hash}`}>{say('title')}</a>
              <span>{say('hint')}</span>
            </li>
            <li>
              <a href={`/store${hash}`}>{say('inboxTitle')}</a>
              <span>{say('inboxHint')}</span>
            </li>
            <li>
              <a href="/docs">{say('apiDocs')}</a>
              <span>{say('apiDocsHint')}</span>
            </li>
          </ul>
        </Notice>
      </main>
    </div>
  );
}
