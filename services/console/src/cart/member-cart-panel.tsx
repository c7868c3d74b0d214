import type { MemberCart, StorefrontConnection } from '@shelfline/client/storefront';
import { useMemo, useState } from 'react';
import type { CatalogueProduct } from '../catalogue.js';
import { type Basket, MOST_UNITS } from '../checkout/basket.js';
import { BasketLines } from '../checkout/basket-lines.js';
import { type Language, nameIn, numberIn, textIn } from '../language.js';
import { reasonIn } from '../unanswered.js';
import { useChannels } from '../use-channels.js';
import { useNow } from '../use-now.js';
import './cart.css';
import { type CartChange, CartChanges } from './cart-changes.js';
import { emptyWords, keptWords, lastOrderWords } from './cart-notes.js';
import { MemberSignIn } from './member-sign-in.js';

interface CartProps {
  readonly cart: MemberCart | undefined;
  /** Its lines, with the products' names. */
  readonly basket: Basket;
  readonly connection: StorefrontConnection;
  readonly product: CatalogueProduct | undefined;
  readonly language: Language;
  /** Undefined where orders are placed elsewhere. */
  readonly onCheckout: (() => void) | undefined;
}
interface MemberCartPanelProps extends CartProps {
  readonly member: string | undefined;
  /** Undefined where the token says who it is. */
  readonly onMember: ((member: string | undefined) => void) | undefined;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
}

/** A member's cart as it stands on all of their screens. */
export function MemberCartPanel({ member, onMember, isOpen, onToggle, ...shown }: MemberCartPanelProps) {
  const { basket, language } = shown;
  const say = textIn(language);
  const units = basket.reduce((sum, { quantity }) => sum + quantity, 0);
  return (
    <details
      className="try-it member-cart"
      open={isOpen}
      data-version={shown.cart?.version}
      onToggle={(event) => onToggle(event.currentTarget.open)}
    >
      <summary>
        {say('memberCart')}
        {units > 0 && <span className="chosen">{numberIn(language, units)}</span>}
      </summary>
      {isOpen && (
        <div className="try-body">
          {member === undefined ? (
            onMember && <MemberSignIn language={language} onMember={onMember} />
          ) : (
            <>
              <div className="cart-head">
                <h2>{say('cartOf', { member })}</h2>
                {onMember && (
                  <button type="button" className="quiet" onClick={() => onMember(undefined)}>
                    {say('cartLeave')}
                  </button>
                )}
              </div>
              <CartContent key={member} member={member} {...shown} />
            </>
          )}
        </div>
      )}
    </details>
  );
}

function CartContent({
  member,
  cart,
  basket,
  connection,
  product,
  language,
  onCheckout,
}: CartProps & { readonly member: string }) {
  const changes = useMemo(() => new CartChanges(member), [member]);
  const [refusal, setRefusal] = useState<string>();
  const say = textIn(language);
  const change = async (wanted: CartChange): Promise<void> => setRefusal(await changes.send(wanted));
  const channels = new Map(cart?.lines.map(({ sku, channel }) => [sku, channel]));
  const known = useChannels();
  const channelName = (code: string): string => {
    const channel = known.find((each) => each.code === code);
    return channel ? nameIn(language, channel) : code;
  };
  const empty = emptyWords(cart, language);
  const lastOrder = lastOrderWords(cart, language);
  return (
    <>
      <p>{say('cartHint')}</p>
      {product && (
        <button type="button" onClick={() => void change({ sku: product.sku, add: 1 })}>
          {say('cartPut', { name: nameIn(language, product) })}
        </button>
      )}
      {empty === undefined ? (
        <>
          <BasketLines
            basket={basket}
            connection={connection}
            language={language}
            noteOf={(sku) => say('cartThrough', { channel: channelName(channels.get(sku) ?? '') })}
            onQuantity={(sku, quantity) => void change({ sku, quantity: Math.min(quantity, MOST_UNITS) })}
          />
          {cart && <KeptFor cart={cart} language={language} />}
          {onCheckout ? (
            <button type="button" className="main-action" onClick={onCheckout}>
              {say('cartCheckout')}
            </button>
          ) : (
            <p>{say('cartCheckoutElsewhere')}</p>
          )}
        </>
      ) : (
        <p role="status">{empty}</p>
      )}
      {lastOrder !== undefined && <p className="cart-order">{lastOrder}</p>}
      <output aria-live="polite">
        {refusal === undefined ? '' : say('cartNotChanged', { reason: reasonIn(language, refusal) })}
      </output>
    </>
  );
}

const TELL_EVERY_MS = 1000;

function KeptFor({ cart, language }: { readonly cart: MemberCart; readonly language: Language }) {
  const nowMs = useNow(TELL_EVERY_MS);
  return <p className="kept-for">{keptWords(cart, nowMs, language)}</p>;
}
