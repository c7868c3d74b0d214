import { useState } from 'react';
import { MOST_UNITS } from './basket.js';

interface QuantityFieldProps {
  readonly value: number;
  readonly label: string;
  readonly onChange: (quantity: number) => void;
}

/**
 * Keeps what is typed while it is typed: emptied to take another number, it must not jump back to the old one. What somebody
 * else makes of it meanwhile, of a cart on another screen, is shown at once.
 */
export function QuantityField({ value, label, onChange }: QuantityFieldProps) {
  // `own`: what it was, and every number that was typed; the last of them may not have come back yet.
  const [typed, setTyped] = useState<{ readonly text: string; readonly own: readonly number[] }>();
  return (
    <input
      type="number"
      min={1}
      max={MOST_UNITS}
      value={typed?.own.includes(value) ? typed.text : value}
      aria-label={label}
      onChange={({ target: { value: text, valueAsNumber } }) => {
        const own = [...(typed?.own ?? [value]), valueAsNumber];
        setTyped(valueAsNumber > MOST_UNITS ? undefined : { text, own });
        if (valueAsNumber >= 1) onChange(valueAsNumber);
      }}
      onBlur={() => setTyped(undefined)}
    />
  );
}
