import { type FormEvent, useState } from 'react';
import type { CatalogueProduct } from '../catalogue.js';
import { type Language, nameIn, numberIn, textIn } from '../language.js';
import type { LiveStock } from '../live-stock.js';
import { shortId } from '../send-delta.js';
import { usePlaces } from '../use-places.js';
import { added, type Basket, type Delivery, orderOf } from './basket.js';
import { BasketLines } from './basket-lines.js';
import './checkout.css';
import { citiesOf, whereaboutsOf } from './cities.js';
import { DeliveryFields } from './delivery-fields.js';
import { OfferList } from './offer-list.js';
import { isSameOffer, type Offer } from './offers.js';
import { OrderProgress } from './order-progress.js';
import type { Placed } from './send-order.js';
import { useOffers } from './use-offers.js';
import { useSending } from './use-sending.js';

interface CheckoutProps {
  readonly token: string;
  readonly product: CatalogueProduct | undefined;
  readonly live: LiveStock;
  readonly channel: string;
  readonly language: Language;
}
const NOBODY: Delivery = { recipient: '', address: '', city: '' };

/** Development only: in a shop its own server places the order, since the page's visitor is not to be trusted. */
export function Checkout({ product, live, language, ...sending }: CheckoutProps) {
  const [basket, setBasket] = useState<Basket>([]);
  const [taken, setTaken] = useState<Extract<Placed, { kind: 'taken' }>>();
  const [isOpen, setIsOpen] = useState(false);
  const say = textIn(language);
  const units = basket.reduce((sum, { quantity }) => sum + quantity, 0);
  const done = (placed: Extract<Placed, { kind: 'taken' }>): void => {
    setTaken(placed);
    setBasket([]);
  };
  return (
    <details className="try-it checkout" open={isOpen} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        {say('checkout')}
        {units > 0 && <span className="chosen">{numberIn(language, units)}</span>}
      </summary>
      {isOpen && taken && (
        <div className="try-body">
          <h2>{say('orderTaken', { id: taken.orderId })}</h2>
          {taken.trackingToken === undefined ? (
            <p>{say('orderUntracked')}</p>
          ) : (
            <>
              <OrderProgress connection={live.connection} token={taken.trackingToken} language={language} />
              <p>
                <a className="page-link" href={`/track#track=${taken.trackingToken}`} target="_blank" rel="noreferrer">
                  {say('trackOpen')}
                </a>
              </p>
            </>
          )}
          <button type="button" onClick={() => setTaken(undefined)}>
            {say('newOrder')}
          </button>
        </div>
      )}
      {isOpen && !taken && (
        <div className="try-body">
          <p>{say('checkoutHint')}</p>
          {product && (
            <button type="button" onClick={() => setBasket(added(basket, product))}>
              {say('addToBasket', { name: nameIn(language, product) })}
            </button>
          )}
          {basket.length === 0 ? (
            <p>{say('basketEmpty')}</p>
          ) : (
            <>
              <BasketLines basket={basket} connection={live.connection} language={language} onChange={setBasket} />
              <OrderForm basket={basket} language={language} onTaken={done} {...sending} />
            </>
          )}
        </div>
      )}
    </details>
  );
}

interface OrderFormProps extends Pick<CheckoutProps, 'token' | 'channel' | 'language'> {
  readonly basket: Basket;
  readonly onTaken: (placed: Extract<Placed, { kind: 'taken' }>) => void;
}

function OrderForm({ basket, token, channel, language, onTaken }: OrderFormProps) {
  const [delivery, setDelivery] = useState(NOBODY);
  const [wished, setWished] = useState<Offer>();
  const cities = citiesOf(usePlaces());
  const where = whereaboutsOf(delivery.city, cities);
  const answer = useOffers({ token, basket, where, channel, language });
  const offers = answer?.kind === 'offers' ? answer.offers : [];
  // As it is now: its time may have moved since it was chosen, or it is gone.
  const offer = wished && offers.find((each) => isSameOffer(each, wished));
  const { isSending, message, send } = useSending({ token, language, onTaken });
  const say = textIn(language);
  const place = (event: FormEvent): void => {
    event.preventDefault();
    if (!offer) return;
    const key = JSON.stringify([basket, delivery, channel, offer.method, offer.store?.code]);
    void send(key, () =>
      orderOf(basket, delivery, offer, { orderId: `web-${shortId()}`, channel, atMs: Date.now(), where }),
    );
  };
  return (
    <form onSubmit={place}>
      <DeliveryFields
        delivery={delivery}
        cities={cities.keys()}
        language={language}
        onChange={(change) => setDelivery((before) => ({ ...before, ...change }))}
      />
      <OfferList answer={answer} chosen={offer} language={language} onChoose={setWished} />
      <button type="submit" className="place-order main-action" disabled={isSending || !offer}>
        {say(isSending ? 'sending' : 'placeOrder')}
      </button>
      <output aria-live="polite">{message || (offers.length > 0 && !offer ? say('chooseOffer') : '')}</output>
    </form>
  );
}
