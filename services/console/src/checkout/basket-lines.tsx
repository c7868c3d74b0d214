import { useStock } from '@shelfline/client/react';
import type { StorefrontConnection } from '@shelfline/client/storefront';
import { type Language, nameIn, numberIn, textIn } from '../language.js';
import type { Basket } from './basket.js';
import { QuantityField } from './quantity-field.js';

interface BasketLinesProps {
  readonly basket: Basket;
  readonly connection: StorefrontConnection;
  readonly language: Language;
  /** What else is to be said of a product. */
  readonly noteOf?: (sku: string) => string;
  /** 0 takes it out; absent where it is changed elsewhere. */
  readonly onQuantity?: (sku: string, quantity: number) => void;
}

/** What is to be ordered, with what can be promised of it at this moment. */
export function BasketLines({ basket, connection, language, noteOf, onQuantity }: BasketLinesProps) {
  const stock = useStock(
    connection,
    basket.map(({ product }) => product.sku),
  );
  const say = textIn(language);
  return (
    <ul className="basket">
      {basket.map(({ product, quantity }) => {
        const { sku } = product;
        const name = nameIn(language, product);
        const available = stock.get(sku)?.available;
        const isShort = available !== undefined && available < quantity;
        return (
          <li key={sku} data-basket={sku}>
            <span className="basket-name">
              <b>{name}</b>
              {available !== undefined && (
                <small className={isShort ? 'short' : ''}>
                  {say(available === 0 ? 'noneNow' : isShort ? 'tooFew' : 'canBePromised', {
                    count: numberIn(language, available),
                  })}
                </small>
              )}
              {noteOf && <small>{noteOf(sku)}</small>}
            </span>
            {onQuantity ? (
              <>
                <QuantityField
                  value={quantity}
                  label={say('units', { name })}
                  language={language}
                  onChange={(wanted) => onQuantity(sku, wanted)}
                />
                <button
                  type="button"
                  className="quiet"
                  aria-label={say('removeFromBasket', { name })}
                  onClick={() => onQuantity(sku, 0)}
                >
                  ✕
                </button>
              </>
            ) : (
              <b className="units">× {numberIn(language, quantity)}</b>
            )}
          </li>
        );
      })}
    </ul>
  );
}
