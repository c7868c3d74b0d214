import { useSyncExternalStore } from 'react';

/** Below this a row is a card; the style sheet says the same. */
const narrow = window.matchMedia('(max-width: 640px)');
const onChange = (listener: () => void): (() => void) => {
  narrow.addEventListener('change', listener);
  return () => narrow.removeEventListener('change', listener);
};

export const useNarrow = (): boolean => useSyncExternalStore(onChange, () => narrow.matches);
