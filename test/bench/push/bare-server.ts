// What Shelfline's gateway is compared with: the least a server built on socket.io, or on ws, does for the same rooms.
import { createServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { type WebSocket, WebSocketServer } from 'ws';
import { type BareKind, type BareNews, type BareOrder, viewOf } from './messages.ts';

const TICK_MS = 50;
const kind = process.argv[2] as BareKind;
const http = createServer();
let version = 1;

const tell = (news: BareNews): void => void process.send?.(news);

/** One change of each of these SKUs, to the room of each. */
type Broadcast = (skus: readonly string[]) => void;
type Subscribe = (socket: Socket, skus: string[]) => Promise<void> | void;

function socketIo(subscribe: Subscribe) {
  const io = new Server(http, { transports: ['websocket'], serveClient: false });
  const namespace = io.of('/storefront');
  namespace.on('connection', (socket) => {
    socket.on('subscribe', async ({ skus }: { skus: string[] }, ack: (answer: object) => void) => {
      await subscribe(socket, skus);
      ack({ ok: true, epoch: 'bare', stock: [] });
    });
  });
  return namespace;
}

function socketIoRooms(): Broadcast {
  const namespace = socketIo((socket, skus) => socket.join(skus));
  return (skus) => {
    version++;
    const nowMs = Date.now();
    for (const sku of skus) namespace.to(sku).emit('stock', [viewOf(sku, version, nowMs)], { seq: version });
  };
}

interface Page {
  readonly socket: Socket;
  views: object[];
  seq: number;
}

function socketIoPacked(): Broadcast {
  const rooms = new Map<string, Page[]>();
  socketIo((socket, skus) => {
    const page: Page = { socket, views: [], seq: 0 };
    for (const sku of skus) member(rooms, sku, page);
  });
  let due: Page[] = [];
  setInterval(() => {
    for (const page of due) {
      page.socket.emit('stock', page.views, { seq: ++page.seq });
      page.views = [];
    }
    due = [];
  }, TICK_MS);
  return (skus) => {
    version++;
    const nowMs = Date.now();
    for (const sku of skus) {
      const view = viewOf(sku, version, nowMs);
      for (const page of rooms.get(sku) ?? []) if (page.views.push(view) === 1) due.push(page);
    }
  };
}

function wsRooms(): Broadcast {
  const rooms = new Map<string, WebSocket[]>();
  new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', (socket, request) => {
    const names = new URL(request.url ?? '', 'http://bare').searchParams.get('rooms') ?? '';
    for (const name of names.split(',')) member(rooms, name, socket);
  });
  return (skus) => {
    version++;
    const nowMs = Date.now();
    for (const sku of skus) {
      const text = JSON.stringify(['stock', [viewOf(sku, version, nowMs)], { seq: version }]);
      const message = Buffer.from(`42/storefront,${text}`);
      for (const socket of rooms.get(sku) ?? []) socket.send(message, { binary: false });
    }
  };
}

function member<T>(rooms: Map<string, T[]>, name: string, joining: T): void {
  const members = rooms.get(name);
  if (members) members.push(joining);
  else rooms.set(name, [joining]);
}

const BROADCASTS: Readonly<Record<BareKind, () => Broadcast>> = {
  'socket.io': socketIoRooms,
  'socket.io packed': socketIoPacked,
  ws: wsRooms,
};
const broadcast = BROADCASTS[kind]();
http.listen(0, '127.0.0.1', () => {
  const address = http.address();
  if (address !== null && typeof address === 'object') tell({ type: 'listening', port: address.port });
});

process.on('message', (order: BareOrder) => {
  if (order.type === 'change') {
    broadcast(order.skus);
    return;
  }
  const { user, system } = process.cpuUsage();
  tell({ type: 'usage', cpuSeconds: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() });
});
process.on('disconnect', () => process.exit(0));
