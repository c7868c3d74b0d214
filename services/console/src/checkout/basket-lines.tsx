import { useStock } from '@shelfline/client/react';
import type { StorefrontConnection } from '@shelfline/client/storefront';
import { type Language, nameIn, numberIn, textIn } from '../language.js';
import { type Basket, withQuantity } from './basket.js';
import { QuantityField } from './quantity-field.js';

interface BasketLinesProps {
  readonly basket: Basket;
  readonly connection: StorefrontConnection;
  readonly language: Language;
  readonly onChange: (basket: Basket) => void;
}

/** What is to be ordered, with what can be promised of it at this moment. */
export function BasketLines({ basket, connection, language, onChange }: BasketLinesProps) {
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
            </span>
            <QuantityField
              value={quantity}
              label={say('units', { name })}
              onChange={(wanted) => onChange(withQuantity(basket, sku, wanted))}
            />
            <button
              type="button"
              className="quiet"
              aria-label={say('removeFromBasket', { name })}
              onClick={() => onChange(withQuantity(basket, sku, 0))}
            >
              ✕
            </button>
          </li>
        );
      })}
    </ul>
  );
}
