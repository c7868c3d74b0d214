import { METHOD_TERMS } from '@shelfline/contracts/order-terms';
import type { PlaceView } from '../catalogue.js';
import { type Language, nameIn, textIn } from '../language.js';
import type { Delivery, Method } from './basket.js';

interface DeliveryFieldsProps {
  readonly delivery: Delivery;
  readonly stores: readonly PlaceView[];
  readonly language: Language;
  readonly onChange: (change: Partial<Delivery>) => void;
}
const METHODS: readonly Method[] = ['courier', 'same_city', 'pickup'];
const FIELDS = [
  { name: 'recipient', autoComplete: 'name', maxLength: 100 },
  { name: 'address', autoComplete: 'street-address', maxLength: 300 },
  { name: 'city', autoComplete: 'address-level2', maxLength: 100 },
] as const;

export function DeliveryFields({ delivery, stores, language, onChange }: DeliveryFieldsProps) {
  const say = textIn(language);
  const { method } = delivery;
  return (
    <div className="checkout-fields">
      <label>
        {say('method')}
        <select value={method} onChange={(event) => onChange({ method: event.target.value as Method })}>
          {METHODS.map((each) => (
            <option key={each} value={each}>
              {METHOD_TERMS[each][language]}
            </option>
          ))}
        </select>
      </label>
      {method === 'pickup' ? (
        <label>
          {say('pickupStore')}
          <select value={delivery.store} onChange={(event) => onChange({ store: event.target.value })}>
            <option value="">{say('chooseStore')}</option>
            {stores.map((store) => (
              <option key={store.code} value={store.code}>
                {nameIn(language, store)}
              </option>
            ))}
          </select>
        </label>
      ) : (
        FIELDS.map(({ name, ...hints }) => (
          <label key={name}>
            {say(name)}
            <input
              type="text"
              value={delivery[name]}
              required={name === 'city'}
              {...hints}
              onChange={(event) => onChange({ [name]: event.target.value })}
            />
          </label>
        ))
      )}
    </div>
  );
}
