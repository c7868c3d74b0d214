import { useEffect, useState } from 'react';
import { type Language, readLanguage, storeLanguage } from './language.js';
import { PageHeader } from './page-header.js';
import { type Choice, StockControls } from './stock-controls.js';
import { StockScreen } from './stock-screen.js';
import { useChannels } from './use-channels.js';
import { useLiveStock } from './use-live-stock.js';

export function StorefrontPage() {
  const [language, setLanguage] = useState<Language>(readLanguage);
  const [choice, setChoice] = useState<Choice>({ search: '', channel: '', region: '', order: 'active' });
  const channels = useChannels();
  const live = useLiveStock(choice.channel || undefined, choice.region || undefined);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    storeLanguage(language);
  }, [language]);
  const change = (part: Partial<Choice>): void => setChoice((before) => ({ ...before, ...part }));
  if (!live) return null;
  return (
    <StockScreen
      language={language}
      live={live}
      choice={choice}
      header={<PageHeader language={language} onLanguage={setLanguage} />}
      controls={<StockControls language={language} choice={choice} channels={channels} onChange={change} />}
      onClearSearch={() => change({ search: '' })}
    />
  );
}
