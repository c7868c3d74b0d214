import { type Language, textIn } from '../language.js';
import type { Delivery } from './basket.js';

interface DeliveryFieldsProps {
  readonly delivery: Delivery;
  /** Cities that have places, to choose from; any other may be typed. */
  readonly cities: Iterable<string>;
  readonly language: Language;
  readonly onChange: (change: Partial<Delivery>) => void;
}
const FIELDS = [
  { name: 'city', autoComplete: 'address-level2', maxLength: 100, list: 'checkout-cities' },
  { name: 'recipient', autoComplete: 'name', maxLength: 100 },
  { name: 'address', autoComplete: 'street-address', maxLength: 300 },
] as const;

export function DeliveryFields({ delivery, cities, language, onChange }: DeliveryFieldsProps) {
  const say = textIn(language);
  return (
    <div className="checkout-fields">
      {FIELDS.map(({ name, ...hints }) => (
        <label key={name}>
          {say(name)}
          <input
            type="text"
            value={delivery[name]}
            {...hints}
            onChange={(event) => onChange({ [name]: event.target.value })}
          />
        </label>
      ))}
      <datalist id="checkout-cities">
        {[...cities].map((city) => (
          <option key={city} value={city} />
        ))}
      </datalist>
    </div>
  );
}
