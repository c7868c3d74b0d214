import type { Socket as TcpSocket } from 'node:net';
import type { Socket } from 'socket.io';
import type { StockFrame } from './stock-frame.js';
import type { Outlet } from './subscriber.js';

/** What is used of engine.io 6.6 and ws 8 beyond their documented surface; all of it is checked before use. */
interface EngineConnection {
  readonly readyState?: string;
  readonly writeBuffer?: readonly { readonly data?: unknown }[];
  readonly upgrading?: boolean;
  readonly transport?: { readonly name?: string; readonly socket?: RawWebSocket };
}
interface RawWebSocket {
  readonly readyState: number;
  readonly _socket?: TcpSocket;
  readonly _sender?: { readonly _bufferedBytes?: number };
  terminate?: () => void;
}
const WEBSOCKET_OPEN = 1;

/**
 * Writes a ready-made websocket frame straight to the connection, which costs a fraction of an `emit`. When engine.io
 * still holds packets back (or its internals look otherwise than expected), the message goes through engine.io, so the
 * order of messages is always the order of calls.
 */
export class SocketOutlet implements Outlet<StockFrame> {
  private readonly conn: EngineConnection;
  private transport: EngineConnection['transport'];
  private websocket: RawWebSocket | undefined;
  private sender: RawWebSocket['_sender'];
  private tcp: TcpSocket | undefined;

  constructor(private readonly socket: Socket) {
    this.conn = socket.conn as unknown as EngineConnection;
  }

  write(frame: StockFrame, onTaken?: () => void): void {
    if (this.isDirect()) {
      this.tcp!.write(frame.websocketFrame, 'latin1', onTaken);
      return;
    }
    // Engine.io takes the callback as its last argument; it is called once the packet was handed to the network.
    this.socket.conn.write(frame.packet, { compress: false }, onTaken);
  }

  bufferedBytes(): number {
    this.look();
    let bytes = this.tcp?.writableLength ?? 0;
    const waiting = this.conn.writeBuffer;
    if (waiting !== undefined && waiting.length > 0)
      for (const { data } of waiting) if (typeof data === 'string') bytes += data.length;
    return bytes;
  }

  /** Ends the connection without waiting for a peer that does not read. */
  terminate(): void {
    this.look();
    this.websocket?.terminate?.();
  }

  private isDirect(): boolean {
    this.look();
    const { conn, websocket, tcp } = this;
    return (
      tcp !== undefined &&
      conn.readyState === 'open' &&
      conn.upgrading === false &&
      conn.writeBuffer?.length === 0 &&
      websocket?.readyState === WEBSOCKET_OPEN &&
      this.sender?._bufferedBytes === 0 &&
      tcp.writable
    );
  }

  /** What is under the connection is looked up once: thousands of sockets' objects do not stay in a processor's cache. */
  private look(): void {
    const { transport } = this.conn;
    if (transport === this.transport) return;
    const websocket = transport?.socket;
    this.transport = transport;
    this.websocket = websocket;
    this.sender = websocket?._sender;
    this.tcp = transport?.name === 'websocket' ? websocket?._socket : undefined;
  }
}
