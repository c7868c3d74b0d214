import { useEffect, useState } from 'react';
import { LiveStock } from './live-stock.js';

/** One connection for a channel, region and member; another choice is another connection. */
export function useLiveStock(
  channel: string | undefined,
  region: string | undefined,
  member: string | undefined,
): LiveStock | undefined {
  const [live, setLive] = useState<LiveStock>();
  useEffect(() => {
    const made = new LiveStock(channel, region, member);
    // oxlint-disable-next-line react/set-state-in-effect -- the connection lives outside React and is made by this effect
    setLive(made);
    return () => made.close();
  }, [channel, region, member]);
  return live;
}
