// The load generator, a process of its own: opens sockets, counts updates, measures delays.
import { type ConnectOrder, type LoaderNews, type LoaderOrder, watchedBy } from './messages.ts';
import { RawWebSocket } from './raw-websocket.ts';
import { SeenVersions } from './seen-versions.ts';

const CONNECTING_AT_ONCE = 50;
const LONGEST_MS = 20_000;
const VIEW = Buffer.from('{"sku"');
const VERSION = Buffer.from('"version":');
const AS_OF = Buffer.from('"asOf":"');
const EVENT = Buffer.from('42/storefront,[');
const ISO_LENGTH = 24;

let sockets: RawWebSocket[] = [];
let updates = 0;
let messages = 0;
let backwards = 0;
let lost = 0;
let told = 0;
let tellEvery = Number.POSITIVE_INFINITY;
let delays = new Uint32Array(LONGEST_MS + 1);
let isClosing = false;
/** Delays are taken of some updates only where there are many: reading dates costs more than counting does. */
let timeEvery = 0;
let seenVersions = new SeenVersions([], 0, 0);

const tell = (news: LoaderNews): void => void process.send?.(news);

function count(payload: Buffer, socket: number): void {
  messages++;
  const nowMs = timeEvery > 0 ? Date.now() : 0;
  let at = payload.indexOf(VIEW);
  while (at !== -1) {
    updates++;
    const versionAt = payload.indexOf(VERSION, at) + VERSION.length;
    if (seenVersions.see(socket, payload, at, versionAt)) backwards++;
    if (timeEvery > 0 && updates % timeEvery === 0) {
      const asOfAt = payload.indexOf(AS_OF, versionAt) + AS_OF.length;
      const delayMs = nowMs - Date.parse(payload.toString('latin1', asOfAt, asOfAt + ISO_LENGTH));
      delays[Math.min(LONGEST_MS, Math.max(0, delayMs))]!++;
    }
    at = payload.indexOf(VIEW, versionAt);
  }
  if (updates - told >= tellEvery) {
    told += tellEvery * Math.floor((updates - told) / tellEvery);
    tell({ type: 'progress', updates });
  }
}

function open(order: ConnectOrder, index: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const { skus, skusPerSocket, token, port } = order;
  const mine = watchedBy(index, skus, skusPerSocket);
  const isPlain = order.protocol === 'ws';
  const path = isPlain ? `/?rooms=${mine.join(',')}` : '/socket.io/?EIO=4&transport=websocket';
  const socket = new RawWebSocket(port, path, {
    open: () => {
      if (isPlain) resolve();
    },
    text: (payload) => {
      if (payload.subarray(0, EVENT.length).equals(EVENT)) {
        count(payload, index);
        return;
      }
      const kind = payload.subarray(0, 2).toString();
      if (kind[0] === '0') socket.send(`40/storefront,${JSON.stringify({ token })}`);
      else if (kind[0] === '2') socket.send('3');
      else if (kind === '40') socket.send(`42/storefront,0["subscribe",${JSON.stringify({ skus: mine })}]`);
      else if (kind === '43') resolve();
      else if (kind === '44') reject(new Error(payload.toString()));
    },
    close: () => {
      if (isClosing) return;
      lost++;
      reject(new Error('the server closed the connection'));
    },
  });
  sockets.push(socket);
  return promise;
}

async function connectAll(order: ConnectOrder): Promise<void> {
  isClosing = false;
  tellEvery = order.tellEvery;
  seenVersions = new SeenVersions(order.skus, order.skusPerSocket, order.sockets);
  for (let i = 0; i < order.sockets; i += CONNECTING_AT_ONCE)
    await Promise.all(
      Array.from({ length: Math.min(CONNECTING_AT_ONCE, order.sockets - i) }, (_, j) => open(order, i + j)),
    );
  tell({ type: 'connected' });
}

function percentile(share: number): number {
  const total = delays.reduce((sum, n) => sum + n, 0);
  let seen = 0;
  for (let ms = 0; ms <= LONGEST_MS; ms++) {
    seen += delays[ms]!;
    if (seen >= total * share) return ms;
  }
  return LONGEST_MS;
}

process.on('message', (order: LoaderOrder) => {
  switch (order.type) {
    case 'connect':
      void connectAll(order);
      break;
    case 'reset':
      timeEvery = order.timeEvery;
      updates = messages = told = 0;
      delays = new Uint32Array(LONGEST_MS + 1);
      break;
    case 'report':
      tell({ type: 'report', updates, messages, backwards, lost, p50Ms: percentile(0.5), p99Ms: percentile(0.99) });
      break;
    case 'close':
      isClosing = true;
      for (const socket of sockets) socket.close();
      sockets = [];
      tell({ type: 'closed' });
      break;
  }
});
process.on('disconnect', () => process.exit(0));
