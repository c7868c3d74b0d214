import { useEffect, useState } from 'react';
import { fetchPlaces, type PlaceView } from './catalogue.js';
import { fetchLevels, type PlaceLevel } from './send-delta.js';

export function usePlaces(): readonly PlaceView[] {
  const [places, setPlaces] = useState<readonly PlaceView[]>([]);
  useEffect(() => {
    fetchPlaces().then(setPlaces, () => setPlaces([]));
  }, []);
  return places;
}

const NOWHERE: readonly PlaceLevel[] = [];

/** Where units of a SKU were when it was selected, most first. */
export function useLevels(token: string, sku: string | undefined): readonly PlaceLevel[] {
  const [found, setFound] = useState<{ readonly sku: string; readonly levels: readonly PlaceLevel[] }>();
  useEffect(() => {
    if (sku === undefined) return undefined;
    const leaving = new AbortController();
    fetchLevels(token, sku, leaving.signal).then(
      (levels) => setFound({ sku, levels }),
      () => {},
    );
    return () => leaving.abort();
  }, [token, sku]);
  return found && found.sku === sku ? found.levels : NOWHERE;
}
