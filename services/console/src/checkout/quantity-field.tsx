import { useState } from 'react';
import { type Language, numberIn, textIn } from '../language.js';
import { MOST_UNITS } from './basket.js';
import { afterSeeing, type TypedQuantity, typed } from './typed-quantity.js';

interface QuantityFieldProps {
  readonly value: number;
  readonly label: string;
  readonly language: Language;
  readonly onChange: (quantity: number) => void;
}

/**
 * Keeps what is typed while it is typed: emptied to take another number, it must not jump back to the old one. What somebody
 * else makes of it meanwhile, of a cart on another screen, is shown at once.
 */
export function QuantityField({ value, label, language, onChange }: QuantityFieldProps) {
  const [field, setField] = useState<TypedQuantity>();
  const [isTooMany, setIsTooMany] = useState(false);
  const shown = field && afterSeeing(field, value);
  if (shown !== field) setField(shown);
  return (
    <>
      <input
        type="number"
        min={1}
        max={MOST_UNITS}
        value={shown ? shown.text : value}
        aria-label={label}
        onChange={({ target: { value: text, valueAsNumber } }) => {
          const isQuantity = valueAsNumber >= 1;
          setIsTooMany(valueAsNumber > MOST_UNITS);
          setField(
            valueAsNumber > MOST_UNITS ? undefined : typed(shown, value, text, isQuantity ? valueAsNumber : undefined),
          );
          if (isQuantity) onChange(valueAsNumber);
        }}
        onBlur={() => setField(undefined)}
      />
      {isTooMany && (
        <small role="status" className="most-units">
          {textIn(language)('mostUnits', { count: numberIn(language, MOST_UNITS) })}
        </small>
      )}
    </>
  );
}
