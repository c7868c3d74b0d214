import { useState } from 'react';
import { useMember } from './cart/use-member.js';
import { PageHeader } from './page-header.js';
import { usePageTitle } from './page-title.js';
import { type Choice, StockControls } from './stock-controls.js';
import { StockScreen } from './stock-screen.js';
import { useChannels } from './use-channels.js';
import { useLanguage } from './use-language.js';
import { useLiveStock } from './use-live-stock.js';

export function StorefrontPage() {
  const [language, setLanguage] = useLanguage();
  usePageTitle('stock', language);
  const [choice, setChoice] = useState<Choice>({ search: '', channel: '', region: '', order: 'active' });
  const [member, setMember] = useMember();
  const channels = useChannels();
  const live = useLiveStock(choice.channel || undefined, choice.region || undefined, member);
  const change = (part: Partial<Choice>): void => setChoice((before) => ({ ...before, ...part }));
  if (!live) return null;
  return (
    <StockScreen
      language={language}
      live={live}
      member={member}
      onMember={setMember}
      choice={choice}
      header={<PageHeader language={language} onLanguage={setLanguage} page="stock" />}
      controls={<StockControls language={language} choice={choice} channels={channels} onChange={change} />}
      onClearSearch={() => change({ search: '' })}
    />
  );
}
