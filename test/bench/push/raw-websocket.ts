import { connect, type Socket } from 'node:net';

/** All connections read into the same memory, one after another: it is read to its end before the next one's turn. */
const READ_INTO = Buffer.allocUnsafe(64 * 1024);
const EMPTY = Buffer.alloc(0);

/**
 * The least a websocket client can do, so that the load generator is not what is measured: it hands over the payload
 * of each text frame and sends short text frames.
 */
export class RawWebSocket {
  private rest: Buffer = EMPTY;
  private upgraded = false;
  private readonly socket: Socket;
  private readonly onText: (payload: Buffer) => void;
  private readonly onOpen: () => void;

  constructor(
    port: number,
    path: string,
    on: { open: () => void; text: (payload: Buffer) => void; close: () => void },
  ) {
    this.onText = on.text;
    this.onOpen = on.open;
    this.socket = connect({
      port,
      host: '127.0.0.1',
      onread: {
        buffer: READ_INTO,
        callback: (length, data) => {
          this.read(Buffer.from(data.buffer, data.byteOffset, length));
          return true;
        },
      },
    });
    this.socket.setNoDelay(true);
    this.socket.on('connect', () =>
      this.socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n',
      ),
    );
    this.socket.on('close', on.close);
    this.socket.on('error', () => {});
  }

  send(text: string): void {
    const payload = Buffer.from(text);
    const long = payload.length > 125;
    const head = Buffer.alloc(long ? 8 : 6);
    head[0] = 0x81;
    head[1] = 0x80 | (long ? 126 : payload.length);
    // The masking key is 0: the payload stays as it is.
    if (long) head.writeUInt16BE(payload.length, 2);
    this.socket.write(Buffer.concat([head, payload]));
  }

  pause(): void {
    this.socket.pause();
  }
  resume(): void {
    this.socket.resume();
  }
  close(): void {
    this.socket.destroy();
  }

  private read(data: Buffer): void {
    let buffer = this.rest.length === 0 ? data : Buffer.concat([this.rest, data]);
    if (!this.upgraded) {
      const end = buffer.indexOf('\r\n\r\n');
      if (end === -1) {
        this.rest = Buffer.from(buffer);
        return;
      }
      if (!buffer.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101')))
        throw new Error(buffer.subarray(0, end).toString());
      this.upgraded = true;
      buffer = buffer.subarray(end + 4);
      this.onOpen();
    }
    let at = 0;
    while (buffer.length - at >= 2) {
      let length = buffer[at + 1]! & 0x7f;
      let start = at + 2;
      if (length === 126) {
        if (buffer.length - at < 4) break;
        length = buffer.readUInt16BE(at + 2);
        start = at + 4;
      } else if (length === 127) {
        if (buffer.length - at < 10) break;
        length = Number(buffer.readBigUInt64BE(at + 2));
        start = at + 10;
      }
      if (buffer.length < start + length) break;
      if ((buffer[at]! & 0x0f) === 1) this.onText(buffer.subarray(start, start + length));
      at = start + length;
    }
    this.rest = at === buffer.length ? EMPTY : Buffer.from(buffer.subarray(at));
  }
}
