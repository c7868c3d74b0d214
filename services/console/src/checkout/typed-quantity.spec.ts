import { describe, expect, it } from '@jest/globals';
import { afterSeeing, type TypedQuantity, typed } from './typed-quantity.js';

const seeing = (field: TypedQuantity, ...values: readonly number[]): TypedQuantity | undefined =>
  values.reduce<TypedQuantity | undefined>((now, value) => now && afterSeeing(now, value), field);

describe('a quantity that is typed', () => {
  it('kept its number when another screen of the cart returned to the former one', () => {
    const five = typed(undefined, 3, '5', 5);
    expect(seeing(five, 3)?.text).toBe('5');
    expect(seeing(five, 3, 5)?.text).toBe('5');
    expect(seeing(five, 3, 5, 3)).toBeUndefined();
  });

  it('stays while what was typed before it comes back late', () => {
    const twelve = typed(typed(undefined, 3, '1', 1), 3, '12', 12);
    expect(seeing(twelve, 3, 1)?.text).toBe('12');
    expect(seeing(twelve, 3, 1, 12)?.text).toBe('12');
    expect(seeing(twelve, 3, 12, 1)).toBeUndefined();
  });

  it('stays empty until another number is typed, unless somebody else changes it', () => {
    const emptied = typed(undefined, 3, '', undefined);
    expect(seeing(emptied, 3)?.text).toBe('');
    expect(seeing(emptied, 4)).toBeUndefined();
  });

  it('may go back to the number it began with', () => {
    const back = typed(typed(undefined, 3, '4', 4), 3, '3', 3);
    expect(seeing(back, 3, 4, 3)?.text).toBe('3');
    expect(seeing(back, 3, 4, 3, 4)).toBeUndefined();
  });
});
