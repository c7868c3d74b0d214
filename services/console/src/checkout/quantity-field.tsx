import { useState } from 'react';
import { MOST_UNITS } from './basket.js';

interface QuantityFieldProps {
  readonly value: number;
  readonly label: string;
  readonly onChange: (quantity: number) => void;
}

/** Keeps what is typed while it is typed: emptied to take another number, it must not jump back to the old one. */
export function QuantityField({ value, label, onChange }: QuantityFieldProps) {
  const [typed, setTyped] = useState<string>();
  return (
    <input
      type="number"
      min={1}
      max={MOST_UNITS}
      value={typed ?? value}
      aria-label={label}
      onChange={({ target: { value: text, valueAsNumber } }) => {
        setTyped(valueAsNumber > MOST_UNITS ? undefined : text);
        if (valueAsNumber >= 1) onChange(valueAsNumber);
      }}
      onBlur={() => setTyped(undefined)}
    />
  );
}
