import { useEffect, useRef, useState } from 'react';
import { Ring } from './ring.js';

const AGAIN_MS = 8000;

/** Rings while `newest` names a new task, at once when it changes. */
export function useRing(newest: string | undefined): { isOn: boolean; toggle: () => void } {
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
  return { isOn, toggle };
}
