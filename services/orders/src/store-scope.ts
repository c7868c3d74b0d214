import type { FieldNote } from '@shelfline/contracts/catalog-outcome';
import type { FulfilmentMethod } from '@shelfline/contracts/order';
import type { Principal } from '@shelfline/service-kit/auth';
import { problem } from '@shelfline/service-kit/problem';
import { needsStore } from './domain/needs-store.js';

interface Sold {
  readonly channel: string;
  readonly method: FulfilmentMethod;
  readonly store?: string | undefined;
  readonly soldAt?: string | undefined;
}

/** A store speaks for itself alone; systems say for whom. */
export function storeOf({ role, store }: Principal, named: string | undefined): string {
  const own = role === 'store' ? store : (named ?? store);
  if (own === undefined)
    throw problem(
      400,
      'store-missing',
      'For which place it is is not said',
      'Give `store`, the place’s code, and send it again. Nothing was changed.',
    );
  if (named !== undefined && named !== own)
    throw problem(
      403,
      'other-store',
      'This token is for another store',
      `It is for ${own}; ${named}’s tasks, orders and returns are its own. Nothing was changed.`,
    );
  return own;
}

/** A store sells for itself: what it sold, or what is collected at its own counter, and through the channels of its token. */
export function withinScope(principal: Principal, { channel, method, store, soldAt }: Sold): FieldNote[] {
  const { role, store: own, channel: ownChannel } = principal;
  if (role !== 'store') return [];
  const faults: FieldNote[] = [];
  const isOwn = own !== undefined && (soldAt ?? (needsStore(method) ? store : undefined)) === own;
  if (!isOwn)
    faults.push({
      field: 'soldAt',
      code: 'other_store',
      detail: `this token sells for ${own ?? 'no store'} alone; give that as soldAt, or use a system’s token`,
    });
  // What is carried out is on the counter of whoever sells it.
  else if (method === 'carry_out' && store !== own)
    faults.push({
      field: 'store',
      code: 'other_store',
      detail: `${own} hands out its own stock alone; give it as store, or have the order collected or sent`,
    });
  if (ownChannel !== undefined && channel !== ownChannel)
    faults.push({
      field: 'channel',
      code: 'other_channel',
      detail: `this token sells through ${ownChannel} alone; give that channel`,
    });
  return faults;
}
