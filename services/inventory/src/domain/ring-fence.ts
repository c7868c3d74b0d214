import type { RingFence } from '@shelfline/contracts/stock-delta';
import type { PromiseContext } from './availability.js';
import type { Note, Stock, StockEvent } from './stock.js';

/**
 * Keeps units of a level for one channel: others see and take only what is above them. The fence stays as high as it
 * was set, whatever the channel takes of it, until it is set anew. It is a promise, so it needs known places.
 */
export function ringFence(command: RingFence, stock: Stock, { reference }: PromiseContext): StockEvent[] {
  const { location, channel, quantity } = command;
  if (!reference.findProduct(stock.sku)) return [noted('refused_unknown_sku')];
  if (!reference.findLocation(location)) return [noted('refused_unknown_location')];
  if (quantity > 0 && !reference.findChannel(channel)) return [noted('refused_unknown_channel')];
  return [{ kind: 'ring_fence_set', location, channel, units: quantity }];
}

const noted = (note: Note): StockEvent => ({ kind: 'noted', note });
