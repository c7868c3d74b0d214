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
  constructor(private readonly socket: Socket) {}

  write(frame: StockFrame, onTaken?: () => void): void {
    const tcp = this.directConnection();
    if (tcp) {
      tcp.write(frame.websocketFrame, onTaken);
      return;
    }
    const { conn } = this.socket;
    // Engine.io takes the callback as its last argument; it is called once the packet was handed to the network.
    conn.write(frame.packet, { compress: false }, onTaken);
  }

  bufferedBytes(): number {
    const conn = this.engine();
    let bytes = conn.transport?.socket?._socket?.writableLength ?? 0;
    const waiting = conn.writeBuffer;
    if (waiting !== undefined && waiting.length > 0)
      for (const { data } of waiting) if (typeof data === 'string') bytes += data.length;
    return bytes;
  }

  /** Ends the connection without waiting for a peer that does not read. */
  terminate(): void {
    this.engine().transport?.socket?.terminate?.();
  }

  private directConnection(): TcpSocket | undefined {
    const conn = this.engine();
    if (conn.readyState !== 'open' || conn.upgrading !== false || conn.writeBuffer?.length !== 0) return undefined;
    const { transport } = conn;
    if (transport?.name !== 'websocket') return undefined;
    const websocket = transport.socket;
    if (websocket?.readyState !== WEBSOCKET_OPEN || websocket._sender?._bufferedBytes !== 0) return undefined;
    const tcp = websocket._socket;
    return tcp?.writable ? tcp : undefined;
  }

  private engine(): EngineConnection {
    return this.socket.conn as unknown as EngineConnection;
  }
}
