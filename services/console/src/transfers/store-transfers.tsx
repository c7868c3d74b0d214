import { useMemo } from 'react';
import { useProductNames } from '../inbox/use-product-names.js';
import { type Language, textIn } from '../language.js';
import { NotUpToDate } from '../not-up-to-date.js';
import { askWith } from '../store-rest.js';
import { storeToken } from '../token-source.js';
import { useAskedAgain } from '../use-asked-again.js';
import { TransferCard } from './transfer-card.js';
import { type OpenTransfers, TransfersDesk } from './transfers-desk.js';

interface StoreTransfersProps {
  readonly store: string;
  readonly language: Language;
}
const NONE: OpenTransfers = { incoming: [], outgoing: [] };

/** What comes to a store and what leaves it, and what is to be done with it. */
export function StoreTransfers({ store, language }: StoreTransfersProps) {
  const desk = useMemo(() => new TransfersDesk(store, askWith(storeToken(store))), [store]);
  const { found = NONE, foundAtMs, failure, look } = useAskedAgain(desk.open);
  const all = [...found.incoming, ...found.outgoing];
  const names = useProductNames(all.flatMap(({ lines }) => lines.map(({ sku }) => sku)));
  const say = textIn(language);
  return (
    <div className="returns">
      <NotUpToDate failure={failure} foundAtMs={foundAtMs} language={language} />
      {all.length === 0 && failure === undefined && <p>{say('transfersNone')}</p>}
      {(['incoming', 'outgoing'] as const).map(
        (side) =>
          found[side].length > 0 && (
            <section key={side}>
              <h2>{say(side === 'incoming' ? 'transfersIn' : 'transfersOut')}</h2>
              <ul className="tasks">
                {found[side].map((transfer) => (
                  <TransferCard
                    // What was typed belongs to one version of it.
                    key={`${transfer.transferId}@${transfer.version}`}
                    transfer={transfer}
                    side={side}
                    names={names}
                    language={language}
                    onStep={async (action, said) => {
                      const answer = await desk.step(transfer, action, said);
                      look();
                      return answer;
                    }}
                  />
                ))}
              </ul>
            </section>
          ),
      )}
    </div>
  );
}
