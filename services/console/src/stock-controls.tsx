import { type ChannelView, regionsOf } from './catalogue.js';
import { type Language, nameIn, regionName, textIn } from './language.js';
import type { Order } from './use-ordered-products.js';

export interface Choice {
  readonly search: string;
  /** '' stands for the default of the token. */
  readonly channel: string;
  /** '' stands for all. */
  readonly region: string;
  readonly order: Order;
}

interface StockControlsProps {
  readonly language: Language;
  readonly choice: Choice;
  readonly channels: readonly ChannelView[];
  readonly onChange: (change: Partial<Choice>) => void;
}

export function StockControls({ language, choice, channels, onChange }: StockControlsProps) {
  const say = textIn(language);
  const channel = channels.find(({ code }) => code === (choice.channel || 'web')) ?? channels[0];
  return (
    <div className="controls" role="search">
      <input
        type="search"
        value={choice.search}
        placeholder={say('search')}
        aria-label={say('search')}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange({ search: event.target.value })}
      />
      {channels.length > 1 && (
        <select
          value={channel?.code}
          aria-label={say('channel')}
          onChange={(event) => onChange({ channel: event.target.value, region: '' })}
        >
          {channels.map((each) => (
            <option key={each.code} value={each.code}>
              {nameIn(language, each)}
            </option>
          ))}
        </select>
      )}
      <select
        value={choice.region}
        aria-label={say('region')}
        onChange={(event) => onChange({ region: event.target.value })}
      >
        <option value="">{say('allRegions')}</option>
        {regionsOf(channel).map((code) => (
          <option key={code} value={code}>
            {regionName(code)}
          </option>
        ))}
      </select>
      <select
        value={choice.order}
        aria-label={say('order')}
        onChange={(event) => onChange({ order: event.target.value === 'active' ? 'active' : 'sku' })}
      >
        <option value="active">{say('active')}</option>
        <option value="sku">{say('bySku')}</option>
      </select>
    </div>
  );
}
