import type { FulfilmentMethod } from '@shelfline/contracts/order';
import type { Placed } from './placed.js';

/** How long an order waits for what nobody has. The first rule that names it counts; without one it waits for ever. */
export interface WaitRule {
  /** Absent = every one. */
  readonly methods?: readonly FulfilmentMethod[] | undefined;
  readonly channels?: readonly string[] | undefined;
  readonly days: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export function findWaitMs(
  rules: readonly WaitRule[],
  { method, channel }: Pick<Placed, 'method' | 'channel'>,
): number | undefined {
  const rule = rules.find(
    ({ methods, channels }) => (methods?.includes(method) ?? true) && (channels?.includes(channel) ?? true),
  );
  return rule && rule.days * DAY_MS;
}
