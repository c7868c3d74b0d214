import { useEffect, useRef, useState } from 'react';
import { Ring } from './ring.js';

const AGAIN_MS = 8000;

/** Rings while `newest` names a new task, at once when it changes; the tab's title counts them all the time. */
export function useRing(newest: string | undefined, count: number): { isOn: boolean; toggle: () => void } {
  const [isOn, setIsOn] = useState(false);
  const ring = useRef<Ring | undefined>(undefined);
  const toggle = (): void => {
    ring.current?.close();
    ring.current = isOn ? undefined : new Ring();
    ring.current?.play();
    setIsOn(!isOn);
  };
  useEffect(() => {
    if (!isOn || newest === undefined) return undefined;
    ring.current?.play();
    const timer = setInterval(() => ring.current?.play(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [isOn, newest]);
  useEffect(() => () => ring.current?.close(), []);
  useEffect(() => {
    document.title = count > 0 ? `(${count}) Shelfline` : 'Shelfline';
    return () => {
      document.title = 'Shelfline';
    };
  }, [count]);
  return { isOn, toggle };
}
