import { type Language, textIn } from '../language.js';
import { reasonIn } from '../unanswered.js';
import { isSameOffer, type Offer, type OffersAnswer } from './offers.js';

interface OfferListProps {
  /** Undefined while they are asked for. */
  readonly answer: OffersAnswer | undefined;
  readonly chosen: Offer | undefined;
  readonly language: Language;
  readonly onChoose: (offer: Offer) => void;
}

/** Each way the whole basket can be had now, and why the others cannot. */
export function OfferList({ answer, chosen, language, onChoose }: OfferListProps) {
  const say = textIn(language);
  if (!answer) return <p role="status">{say('offersSoon')}</p>;
  if (answer.kind === 'failed')
    return <p role="alert">{say('offersFailed', { reason: reasonIn(language, answer.reason) })}</p>;
  const { offers, without } = answer;
  return (
    <fieldset className="offers">
      <legend>{say('method')}</legend>
      {offers.length === 0 && <p>{say('offersNone')}</p>}
      {offers.map((offer) => (
        <label
          key={`${offer.method} ${offer.store?.code} ${offer.collection}`}
          data-offer={offer.method}
          data-from-incoming={offer.fromIncoming}
        >
          <input
            type="radio"
            name="offer"
            checked={chosen !== undefined && isSameOffer(chosen, offer)}
            onChange={() => onChoose(offer)}
          />
          <span>
            {offer.fromIncoming && <b className="not-there-yet">{say('notThereYet')} </b>}
            {offer.words}
          </span>
        </label>
      ))}
      {without.map(({ method, words }) => (
        <p key={method} className="no-offer">
          {words}
        </p>
      ))}
    </fieldset>
  );
}
