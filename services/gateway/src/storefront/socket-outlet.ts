import type { Socket as TcpSocket } from 'node:net';
import { getSystemErrorName } from 'node:util';
import type { Socket } from 'socket.io';
import type { StockFrame } from './stock-frame.js';
import type { Outlet } from './subscriber.js';
import { handleOf, type StreamHandle, writeAtOnce } from './write-request.js';

/** What is used of engine.io 6.6 and ws 8 beyond their documented surface; all of it is checked before use. */
interface EngineConnection {
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
  private readonly websocket: RawWebSocket | undefined;
  /** Undefined when what is under the connection is not as expected: all goes through engine.io then. */
  private readonly tcp: TcpSocket | undefined;
  private readonly handle: StreamHandle | undefined;
  /** Of the frame that went around the stream and that the network has not taken whole; 0 = there is none. */
  private underWayBytes = 0;

  /** There is only the websocket transport and nothing upgrades to it, so what is under a connection never changes. */
  constructor(private readonly socket: Socket) {
    this.conn = socket.conn as unknown as EngineConnection;
    const { transport, upgrading, writeBuffer } = this.conn;
    if (transport?.name !== 'websocket' || upgrading !== false || !Array.isArray(writeBuffer)) return;
    this.websocket = transport.socket;
    // Without compression the sender holds nothing back.
    if (this.websocket?._sender?._bufferedBytes !== 0) return;
    this.tcp = this.websocket._socket;
    this.handle = this.tcp && handleOf(this.tcp);
  }

  write(frame: StockFrame, onTaken?: () => void): void {
    const { tcp } = this;
    if (tcp !== undefined && this.conn.writeBuffer!.length === 0 && this.websocket!.readyState === WEBSOCKET_OPEN) {
      // What is around the stream is a copy for this socket, what the stream keeps is the text that others share.
      const mustQueue = this.underWayBytes > 0 || tcp.writableLength > 0;
      if (!mustQueue && onTaken === undefined && this.handle !== undefined) this.writeAround(this.handle, frame);
      else tcp.write(frame.websocketFrame, 'latin1', onTaken);
      return;
    }
    // Engine.io takes the callback as its last argument; it is called once the packet was handed to the network.
    this.socket.conn.write(frame.packet, { compress: false }, onTaken);
  }

  bufferedBytes(): number {
    let bytes = this.underWayBytes + (this.tcp?.writableLength ?? 0);
    const waiting = this.conn.writeBuffer;
    if (waiting !== undefined && waiting.length > 0)
      for (const { data } of waiting) if (typeof data === 'string') bytes += data.length;
    return bytes;
  }

  /** The stream's queue is empty, so nothing is overtaken. */
  private writeAround(handle: StreamHandle, frame: StockFrame): void {
    const result = writeAtOnce(handle, frame.websocketFrame, this.taken);
    if (result < 0) this.fail(result);
    else this.underWayBytes = result;
  }

  private readonly taken = (status: number): void => {
    this.underWayBytes = 0;
    if (status < 0) this.fail(status);
  };

  private fail(status: number): void {
    this.tcp!.destroy(new Error(`the connection took no message: ${getSystemErrorName(status)}`));
  }

  /** Ends the connection without waiting for a peer that does not read. */
  terminate(): void {
    this.websocket?.terminate?.();
  }
}
