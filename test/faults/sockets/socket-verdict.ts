import type { ShownStock } from './loader-messages.ts';

/** What one socket holds and went through. */
export interface SocketRecord {
  readonly name: string;
  readonly watched: readonly string[];
  readonly held: ReadonlyMap<string, ShownStock>;
  /** Connected, with its snapshot. */
  readonly isSubscribed: boolean;
  /** Numbers of messages that were left out, and that came once more, on any of its connections. */
  readonly missingNumbers: number;
  readonly repeatedNumbers: number;
  readonly versionsBack: number;
}

export interface SocketVerdict {
  /** Sockets that lack the newest state of a SKU, a message, or their connection. */
  readonly lost: readonly string[];
  /** Sockets that got a message twice. */
  readonly doubled: readonly string[];
  /** Sockets that hold what the topic never said of that version, or saw a version go back. */
  readonly wrong: readonly string[];
}

export function judgeSockets(sockets: readonly SocketRecord[], newest: ReadonlyMap<string, ShownStock>): SocketVerdict {
  const named = (isSo: (socket: SocketRecord) => boolean): string[] => sockets.filter(isSo).map(({ name }) => name);
  return {
    lost: named((socket) => lacksSomething(socket, newest)),
    doubled: named(({ repeatedNumbers }) => repeatedNumbers > 0),
    wrong: named((socket) => socket.versionsBack > 0 || socket.watched.some((sku) => isOther(socket, sku, newest))),
  };
}

export const isExact = ({ lost, doubled, wrong }: SocketVerdict): boolean =>
  lost.length + doubled.length + wrong.length === 0;

const lacksSomething = (socket: SocketRecord, newest: ReadonlyMap<string, ShownStock>): boolean =>
  !socket.isSubscribed || socket.missingNumbers > 0 || socket.watched.some((sku) => isOlder(socket, sku, newest));

function isOlder({ held }: SocketRecord, sku: string, newest: ReadonlyMap<string, ShownStock>): boolean {
  const last = newest.get(sku);
  return last !== undefined && (held.get(sku)?.version ?? 0) < last.version;
}

function isOther({ held }: SocketRecord, sku: string, newest: ReadonlyMap<string, ShownStock>): boolean {
  const shown = held.get(sku);
  const last = newest.get(sku);
  if (shown === undefined || shown.version === 0) return false;
  if (last === undefined || shown.version > last.version) return true;
  return shown.version === last.version && (shown.available !== last.available || shown.status !== last.status);
}

/** The delay that so large a share of the updates did not exceed; 0 where there were none. */
export function percentile(delays: ReadonlyMap<number, number>, share: number): number {
  const total = [...delays.values()].reduce((sum, updates) => sum + updates, 0);
  let seen = 0;
  for (const [ms, updates] of [...delays].sort(([a], [b]) => a - b)) {
    seen += updates;
    if (seen >= total * share) return ms;
  }
  return 0;
}
