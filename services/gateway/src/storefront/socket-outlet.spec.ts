import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket as TcpSocket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Socket } from 'socket.io';
import { SocketOutlet } from './socket-outlet.js';
import { StockFrame } from './stock-frame.js';

const STATES = 'x'.repeat(16_000);
/** More than a loopback connection takes from a process before the other side reads. */
const FRAMES = 1000;
const frame = (number: number): StockFrame => new StockFrame(STATES, `#${number};`);

describe('a way out to a socket', () => {
  let server: Server;
  let near: TcpSocket;
  let far: TcpSocket;
  const throughEngine: string[] = [];

  beforeEach(async () => {
    server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const accepted = once(server, 'connection') as Promise<[TcpSocket]>;
    far = connect((server.address() as AddressInfo).port, '127.0.0.1');
    far.pause();
    [near] = await accepted;
    throughEngine.length = 0;
  });
  afterEach(() => {
    near.destroy();
    far.destroy();
    server.close();
  });

  const outletOver = (writeBuffer: { data: string }[] = [], tcp: object = near): SocketOutlet =>
    new SocketOutlet({
      conn: {
        upgrading: false,
        writeBuffer,
        transport: {
          name: 'websocket',
          socket: { readyState: 1, _socket: tcp, _sender: { _bufferedBytes: 0 } },
        },
        write: (packet: string) => void throughEngine.push(packet),
      },
    } as unknown as Socket);

  /** The numbers of the frames in the order in which they arrive, up to this one. */
  async function arriving(last: number): Promise<number[]> {
    let text = '';
    far.setEncoding('latin1');
    far.on('data', (data: string) => {
      text += data.replace(/x+/g, '');
    });
    far.resume();
    while (!text.includes(`#${last};`)) await once(far, 'data');
    return [...text.matchAll(/#(\d+);/g)].map(([, number]) => Number(number));
  }

  it('keeps the order of frames that the network takes late, whichever way each was written', async () => {
    const outlet = outletOver();
    const taken: number[] = [];
    for (let number = 0; number < FRAMES; number++)
      outlet.write(frame(number), number % 100 === 50 ? () => taken.push(number) : undefined);
    expect(outlet.bufferedBytes()).toBeGreaterThan(frame(0).byteLength);
    expect(await arriving(FRAMES - 1)).toEqual(Array.from({ length: FRAMES }, (_, number) => number));
    expect(taken).toEqual([50, 150, 250, 350, 450, 550, 650, 750, 850, 950]);
    expect(outlet.bufferedBytes()).toBe(0);
  });

  it('counts what the network took as taken, at once', async () => {
    const outlet = outletOver();
    outlet.write(frame(0));
    expect(outlet.bufferedBytes()).toBe(0);
    expect(await arriving(0)).toEqual([0]);
  });

  it('copies one frame at most for a socket that does not read; the rest is the text that others share', () => {
    const outlet = outletOver();
    for (let number = 0; number < FRAMES; number++) outlet.write(frame(number));
    const copied = outlet.bufferedBytes() - near.writableLength;
    expect(near.writableLength).toBeGreaterThan(10 * STATES.length);
    expect(copied).toBeLessThan(2 * STATES.length);
  });

  it('does not overtake what engine.io holds back', () => {
    const held = { data: 'an earlier packet' };
    const outlet = outletOver([held]);
    outlet.write(frame(0));
    expect(throughEngine).toEqual([frame(0).packet]);
    expect(outlet.bufferedBytes()).toBe(held.data.length);
  });

  it('goes by the stream where what is under it is not as expected', () => {
    const written: string[] = [];
    const outlet = outletOver([], { writableLength: 0, write: (text: string) => void written.push(text) });
    outlet.write(frame(0));
    expect(written).toEqual([frame(0).websocketFrame]);
  });

  it('bears a connection that was just destroyed', async () => {
    const outlet = outletOver();
    near.destroy();
    outlet.write(frame(0));
    await once(near, 'close');
    expect(outlet.bufferedBytes()).toBe(0);
  });
});
