// What Shelfline's gateway is compared with: the least a server built on socket.io, or on ws, does for the same rooms.
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { type WebSocket, WebSocketServer } from 'ws';
import { type BareNews, type BareOrder, viewOf } from './messages.ts';

const kind = process.argv[2];
const http = createServer();
let version = 1;

const tell = (news: BareNews): void => void process.send?.(news);

/** One update to each of these rooms. */
type Broadcast = (skus: readonly string[]) => void;

function socketIoRooms(): Broadcast {
  const io = new Server(http, { transports: ['websocket'], serveClient: false });
  const namespace = io.of('/storefront');
  namespace.on('connection', (socket) => {
    socket.on('subscribe', async ({ skus }: { skus: string[] }, ack: (answer: object) => void) => {
      await socket.join(skus);
      ack({ ok: true, epoch: 'bare', stock: [] });
    });
  });
  return (skus) => {
    version++;
    const nowMs = Date.now();
    for (const sku of skus) namespace.to(sku).emit('stock', [viewOf(sku, version, nowMs)], { seq: version });
  };
}

function wsRooms(): Broadcast {
  const rooms = new Map<string, WebSocket[]>();
  new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', (socket, request) => {
    const room = new URL(request.url ?? '', 'http://bare').searchParams.get('room') ?? '';
    const members = rooms.get(room);
    if (members) members.push(socket);
    else rooms.set(room, [socket]);
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

const broadcast = kind === 'ws' ? wsRooms() : socketIoRooms();
http.listen(0, '127.0.0.1', () => {
  const address = http.address();
  if (address !== null && typeof address === 'object') tell({ type: 'listening', port: address.port });
});

process.on('message', (order: BareOrder) => {
  if (order.type === 'round') {
    broadcast(order.skus);
    return;
  }
  const { user, system } = process.cpuUsage();
  tell({ type: 'usage', cpuSeconds: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() });
});
process.on('disconnect', () => process.exit(0));
