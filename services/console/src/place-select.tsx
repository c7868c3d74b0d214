import { LOCATION_TERMS } from '@shelfline/contracts/terms';
import type { PlaceView } from './catalogue.js';
import { type Language, nameIn, numberIn, textIn } from './language.js';
import type { PlaceLevel } from './send-delta.js';

interface PlaceSelectProps {
  readonly value: string;
  readonly places: readonly PlaceView[];
  readonly levels: readonly PlaceLevel[];
  readonly language: Language;
  readonly onChange: (code: string) => void;
}

const TYPES = ['ecommerce_dc', 'regional_dc', 'factory_dc', 'store', 'agent'] as const;

/** First the places that have the product, then all others by type. */
export function PlaceSelect({ value, places, levels, language, onChange }: PlaceSelectProps) {
  const say = textIn(language);
  const stocked = new Set(levels.map(({ location }) => location));
  const nameOf = (code: string): string => {
    const place = places.find((each) => each.code === code);
    return place ? nameIn(language, place) : code;
  };
  const others = places.filter(({ code }) => !stocked.has(code));
  return (
    <select value={value} aria-label={say('place')} onChange={(event) => onChange(event.target.value)}>
      {levels.length > 0 && (
        <optgroup label={say('hasStock')}>
          {levels.map(({ location, available }) => (
            <option key={location} value={location}>
              {nameOf(location)} · {numberIn(language, available)}
            </option>
          ))}
        </optgroup>
      )}
      {TYPES.map((type) => {
        const ofType = others.filter((place) => place.type === type);
        if (ofType.length === 0) return null;
        return (
          <optgroup key={type} label={LOCATION_TERMS[type][language]}>
            {ofType.map((place) => (
              <option key={place.code} value={place.code}>
                {nameIn(language, place)}
              </option>
            ))}
          </optgroup>
        );
      })}
    </select>
  );
}
