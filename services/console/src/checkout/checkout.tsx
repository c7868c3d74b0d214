import { type FormEvent, useState } from 'react';
import type { CatalogueProduct } from '../catalogue.js';
import { type Language, nameIn, numberIn, textIn } from '../language.js';
import type { LiveStock } from '../live-stock.js';
import { newId } from '../send-delta.js';
import { usePlaces } from '../use-places.js';
import { added, type Basket, type Delivery, isDeliverable, type OrderBody, orderOf } from './basket.js';
import { BasketLines } from './basket-lines.js';
import './checkout.css';
import { DeliveryFields } from './delivery-fields.js';
import { OrderProgress } from './order-progress.js';
import { type Placed, sendOrder } from './send-order.js';

interface CheckoutProps {
  readonly token: string;
  readonly product: CatalogueProduct | undefined;
  readonly live: LiveStock;
  readonly channel: string;
  readonly language: Language;
}
const NOWHERE: Delivery = { method: 'courier', store: '', recipient: '', address: '', city: '' };

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

const newOrder = (basket: Basket, delivery: Delivery, channel: string): OrderBody =>
  orderOf(basket, delivery, { orderId: `web-${newId()}`, channel, atMs: Date.now() });

interface OrderFormProps extends Pick<CheckoutProps, 'token' | 'channel' | 'language'> {
  readonly basket: Basket;
  readonly onTaken: (placed: Extract<Placed, { kind: 'taken' }>) => void;
}

function OrderForm({ basket, token, channel, language, onTaken }: OrderFormProps) {
  const [delivery, setDelivery] = useState(NOWHERE);
  const [isSending, setIsSending] = useState(false);
  const [message, setMessage] = useState('');
  /** What was sent without a sure answer: sent again as it was, it cannot become two orders. */
  const [unsure, setUnsure] = useState<{ readonly key: string; readonly order: OrderBody }>();
  const stores = usePlaces().filter(({ type }) => type === 'store' || type === 'agent');
  const say = textIn(language);
  const place = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const key = JSON.stringify([basket, delivery, channel]);
    const order = unsure?.key === key ? unsure.order : newOrder(basket, delivery, channel);
    setIsSending(true);
    const placed = await sendOrder(token, order);
    setIsSending(false);
    setUnsure(placed.kind === 'uncertain' ? { key, order } : undefined);
    if (placed.kind === 'taken') onTaken(placed);
    else setMessage(say(placed.kind === 'refused' ? 'orderRefused' : 'orderUncertain', { reason: placed.reason }));
  };
  return (
    <form onSubmit={(event) => void place(event)}>
      <DeliveryFields
        delivery={delivery}
        stores={stores}
        language={language}
        onChange={(change) => setDelivery((before) => ({ ...before, ...change }))}
      />
      <button type="submit" className="place-order" disabled={isSending || !isDeliverable(delivery)}>
        {say(isSending ? 'sending' : 'placeOrder')}
      </button>
      <output aria-live="polite">{message}</output>
    </form>
  );
}
