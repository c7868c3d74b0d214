import { hash } from 'node:crypto';
import { isFactType, type StockDelta } from '@shelfline/contracts/stock-delta';
import { canonicalJson } from './canonical-json.js';

export type StoredMessage = Readonly<Record<string, unknown>> & Pick<StockDelta, 'id' | 'source' | 'type'>;

/** What the ledger itself says of a movement: no field of a message may pass for it. */
const OF_THE_LEDGER = new Set([
  '_id',
  'contentHash',
  'partition',
  'offset',
  'outcome',
  'at',
  'recordedAt',
  'version',
  'effects',
  'answer',
  'shortfalls',
  'arrivals',
  'content',
  'effectsText',
  'traces',
  'isTraced',
]);

/** Commands say no time of their own: they occur when they are recorded. */
export const saysWhen = (type: string): boolean => isFactType(type) || type === 'heartbeat';

/** Fields of a message that nobody knows are kept, but for those that would pass for the ledger's. */
export function storedMessage(message: StockDelta | StoredMessage): StoredMessage {
  const isCommand = !saysWhen(message.type);
  const isKept = (name: string) => !OF_THE_LEDGER.has(name) && !(isCommand && name === 'occurredAt');
  for (const name in message)
    if (!isKept(name))
      return Object.fromEntries(Object.entries(message).filter(([field]) => isKept(field))) as StoredMessage;
  return message as StoredMessage;
}

/**
 * Tells a repeat from a conflict, whatever the spacing and the order of fields. A source's running number belongs to the
 * delivery, not to what happened.
 */
export function contentHashOf(message: StockDelta | StoredMessage): string {
  const { sequence: _, ...content } = storedMessage(message);
  return hash('sha1', canonicalJson(content), 'base64url');
}
