import { useState } from 'react';
import type { CatalogueProduct } from '../catalogue.js';
import { Checkout } from '../checkout/checkout.js';
import { useProductNames } from '../inbox/use-product-names.js';
import type { Language } from '../language.js';
import type { LiveStock } from '../live-stock.js';
import { isTokenGiven } from '../token-source.js';
import { MemberCartPanel } from './member-cart-panel.js';
import { useMemberCart } from './use-member-cart.js';

interface BasketPanelsProps {
  /** That may place orders; undefined where the page's visitor is not trusted with it. */
  readonly token: string | undefined;
  readonly product: CatalogueProduct | undefined;
  readonly live: LiveStock;
  readonly channel: string;
  readonly member: string | undefined;
  readonly onMember: (member: string | undefined) => void;
  readonly language: Language;
}
type Panel = 'cart' | 'checkout';

/** What is to be bought: a member's cart, and the checkout that orders it or a basket of the page's own. */
export function BasketPanels({ token, product, live, channel, member, onMember, language }: BasketPanelsProps) {
  // On a phone there is room for one.
  const [open, setOpen] = useState<Panel>();
  const [isOrdered, setIsOrdered] = useState(false);
  const cart = useMemberCart(live.connection, member);
  const lines = cart?.lines ?? [];
  const names = useProductNames(lines.map(({ sku }) => sku));
  const basket = lines.map(({ sku, quantity }) => ({ product: names.get(sku) ?? { sku, name: sku }, quantity }));
  const toggle = (panel: Panel) => (isOpen: boolean) =>
    setOpen((now) => (isOpen ? panel : now === panel ? undefined : now));
  const checkOut = (): void => {
    setIsOrdered(true);
    setOpen('checkout');
  };
  const choose = (wanted: string | undefined): void => {
    setIsOrdered(false);
    onMember(wanted);
  };
  return (
    <>
      {(member !== undefined || token !== undefined) && (
        <MemberCartPanel
          member={member}
          onMember={isTokenGiven() ? undefined : choose}
          cart={cart}
          basket={basket}
          connection={live.connection}
          product={product}
          language={language}
          isOpen={open === 'cart'}
          onToggle={toggle('cart')}
          onCheckout={token === undefined ? undefined : checkOut}
        />
      )}
      {token !== undefined && (
        <Checkout
          token={token}
          product={product}
          live={live}
          channel={channel}
          language={language}
          cart={isOrdered && member !== undefined ? { member, basket } : undefined}
          onCartLeft={() => setIsOrdered(false)}
          isOpen={open === 'checkout'}
          onToggle={toggle('checkout')}
        />
      )}
    </>
  );
}
