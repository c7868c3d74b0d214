/** How long a cart is kept that nobody touches. */
export class CartTimes {
  constructor(readonly keepForMs: number) {}
}
