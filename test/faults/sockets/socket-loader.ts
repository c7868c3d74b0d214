// Thousands of storefront sockets in a process of their own; told what to do by `socket-fleet.ts`.
import { watchedBy } from '../../bench/push/messages.ts';
import { SeededRandom } from '../../seeded-random.ts';
import type { ConnectOrder, LoaderOrder, LoaderReport, ShownStock } from './loader-messages.ts';
import { judgeSockets, type SocketVerdict } from './socket-verdict.ts';
import { StorefrontSocket } from './storefront-socket.ts';

const RETRY_AFTER_MS = [300, 900] as const;
const CONNECT_EVERY_MS = 2;
const NOTHING: SocketVerdict = { lost: [], doubled: [], wrong: [] };

let sockets: StorefrontSocket[] = [];
let delays = new Map<number, number>();
let lastBackMs = 0;

function connect(order: ConnectOrder): void {
  const random = new SeededRandom(order.seed);
  const around = {
    port: order.port,
    token: order.token,
    backAfterMs: () => random.between(0, order.backWithinMs),
    retryAfterMs: () => random.between(...RETRY_AFTER_MS),
    onUpdate: (asOf: string) => {
      const delayMs = Math.max(0, Date.now() - Date.parse(asOf));
      delays.set(delayMs, (delays.get(delayMs) ?? 0) + 1);
    },
    onBack: () => {
      lastBackMs = Date.now();
    },
  };
  sockets = Array.from({ length: order.sockets }, (_, i) => {
    const watched = [...watchedBy(order.first + i, order.skus, order.skusPerSocket), ...order.alsoWatched];
    return new StorefrontSocket(`socket-${order.first + i}`, watched, around);
  });
  sockets.forEach((socket, i) => {
    setTimeout(() => socket.connect(), i * CONNECT_EVERY_MS);
  });
}

function obey(order: LoaderOrder): SocketVerdict {
  switch (order.type) {
    case 'connect':
      connect(order);
      return NOTHING;
    case 'report':
      return NOTHING;
    case 'measure':
      delays = new Map();
      return NOTHING;
    case 'pause':
    case 'resume':
      for (const socket of sockets.slice(0, order.sockets)) socket[order.type]();
      return NOTHING;
    case 'cut':
      for (const socket of sockets) socket.cut();
      return NOTHING;
    case 'compare':
      return judgeSockets(sockets, new Map<string, ShownStock>(order.newest));
  }
}

process.on('message', (order: LoaderOrder) => {
  const verdict = obey(order);
  const report: LoaderReport = {
    ...verdict,
    subscribed: sockets.filter(({ isSubscribed }) => isSubscribed).length,
    reconnects: sockets.reduce((sum, { connections }) => sum + Math.max(0, connections - 1), 0),
    toldEvicted: sockets.filter(({ toldEvicted }) => toldEvicted).length,
    lastBackMs,
    delays: [...delays],
  };
  process.send?.(report);
});
process.on('disconnect', () => process.exit(0));
