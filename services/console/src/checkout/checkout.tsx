import { type FormEvent, useState } from 'react';
import type { CatalogueProduct } from '../catalogue.js';
import { type Language, nameIn, numberIn, textIn } from '../language.js';
import type { LiveStock } from '../live-stock.js';
import { shortId } from '../send-delta.js';
import { usePlaces } from '../use-places.js';
import { added, type Basket, type Delivery, linesOf, orderOf, withQuantity } from './basket.js';
import { BasketLines } from './basket-lines.js';
import './checkout.css';
import { citiesOf, whereaboutsOf } from './cities.js';
import { DeliveryFields } from './delivery-fields.js';
import { OfferList } from './offer-list.js';
import { isSameOffer, type Offer } from './offers.js';
import { OrderProgress } from './order-progress.js';
import { cartOrders } from './send-cart-order.js';
import { type Placed, sendOrder } from './send-order.js';
import { useOffers } from './use-offers.js';
import { useSending } from './use-sending.js';

interface CheckoutProps {
  readonly token: string;
  readonly product: CatalogueProduct | undefined;
  readonly live: LiveStock;
  readonly channel: string;
  readonly language: Language;
  /** The member's cart that is ordered, as it stands; undefined: the page's own basket. */
  readonly cart: { readonly member: string; readonly basket: Basket } | undefined;
  readonly onCartLeft: () => void;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
}
type Taken = Extract<Placed, { kind: 'taken' }>;
const NOBODY: Delivery = { recipient: '', address: '', city: '' };

/** Development only: in a shop its own server places the order, since the page's visitor is not to be trusted. */
export function Checkout(props: CheckoutProps) {
  const { product, live, language, cart, onCartLeft, isOpen, onToggle, token, channel } = props;
  const [own, setOwn] = useState<Basket>([]);
  const [taken, setTaken] = useState<Taken>();
  const say = textIn(language);
  const basket = cart?.basket ?? own;
  const units = basket.reduce((sum, { quantity }) => sum + quantity, 0);
  const done = (placed: Taken): void => {
    setTaken(placed);
    if (cart) onCartLeft();
    else setOwn([]);
  };
  const form = { basket, member: cart?.member, token, channel, language, onTaken: done };
  return (
    <details className="try-it checkout" open={isOpen} onToggle={(event) => onToggle(event.currentTarget.open)}>
      <summary>
        {say('checkout')}
        {units > 0 && <span className="chosen">{numberIn(language, units)}</span>}
      </summary>
      {isOpen && taken && (
        <TakenOrder taken={taken} live={live} language={language} onNew={() => setTaken(undefined)} />
      )}
      {isOpen && !taken && cart && (
        <div className="try-body">
          <p>{say('cartCheckoutHint', { member: cart.member })}</p>
          <button type="button" onClick={onCartLeft}>
            {say('ownBasket')}
          </button>
          {basket.length === 0 ? (
            <p>{say('cartEmpty')}</p>
          ) : (
            <>
              <BasketLines basket={basket} connection={live.connection} language={language} />
              <OrderForm {...form} />
            </>
          )}
        </div>
      )}
      {isOpen && !taken && !cart && (
        <div className="try-body">
          <p>{say('checkoutHint')}</p>
          {product && (
            <button type="button" onClick={() => setOwn(added(own, product))}>
              {say('addToBasket', { name: nameIn(language, product) })}
            </button>
          )}
          {basket.length === 0 ? (
            <p>{say('basketEmpty')}</p>
          ) : (
            <>
              <BasketLines
                basket={basket}
                connection={live.connection}
                language={language}
                onQuantity={(sku, quantity) => setOwn(withQuantity(own, sku, quantity))}
              />
              <OrderForm {...form} />
            </>
          )}
        </div>
      )}
    </details>
  );
}

interface TakenOrderProps extends Pick<CheckoutProps, 'live' | 'language'> {
  readonly taken: Taken;
  readonly onNew: () => void;
}

function TakenOrder({ taken, live, language, onNew }: TakenOrderProps) {
  const say = textIn(language);
  return (
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
      <button type="button" onClick={onNew}>
        {say('newOrder')}
      </button>
    </div>
  );
}

interface OrderFormProps extends Pick<CheckoutProps, 'token' | 'channel' | 'language'> {
  readonly basket: Basket;
  /** Out of whose cart it is ordered. */
  readonly member: string | undefined;
  readonly onTaken: (placed: Taken) => void;
}

function OrderForm({ basket, member, token, channel, language, onTaken }: OrderFormProps) {
  const [delivery, setDelivery] = useState(NOBODY);
  const [wished, setWished] = useState<Offer>();
  const cities = citiesOf(usePlaces());
  const where = whereaboutsOf(delivery.city, cities);
  const answer = useOffers({ token, basket, where, channel, language });
  const offers = answer?.kind === 'offers' ? answer.offers : [];
  // As it is now: its time may have moved since it was chosen, or it is gone.
  const offer = wished && offers.find((each) => isSameOffer(each, wished));
  const { isSending, message, send } = useSending({
    place: member === undefined ? sendOrder : cartOrders(member),
    token,
    language,
    onTaken,
  });
  const say = textIn(language);
  const place = (event: FormEvent): void => {
    event.preventDefault();
    if (!offer) return;
    const key = JSON.stringify([
      member,
      linesOf(basket),
      delivery,
      channel,
      offer.method,
      offer.store?.code,
      offer.wish,
    ]);
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
