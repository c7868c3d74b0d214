import { useEffect, useState } from 'react';
import { type ChannelView, fetchChannels } from './catalogue.js';

const RETRY_MS = 10_000;

/** Channels to choose from; none until the catalogue answers, which is asked until it does. */
export function useChannels(): readonly ChannelView[] {
  const [channels, setChannels] = useState<readonly ChannelView[]>([]);
  useEffect(() => {
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = (): void => {
      const askAgain = (): void => {
        if (!leaving.signal.aborted) timer = setTimeout(ask, RETRY_MS);
      };
      fetchChannels(leaving.signal).then((found) => (found.length > 0 ? setChannels(found) : askAgain()), askAgain);
    };
    ask();
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, []);
  return channels;
}
