import { connect, type Socket } from 'node:net';

/** Joins and subscribes, then never reads again. */
export async function stalledSocket(address: string, token: string, skus: readonly string[]): Promise<Socket> {
  const { port } = new URL(address);
  const socket = connect(Number(port), '127.0.0.1');
  const send = (text: string): void => {
    const payload = Buffer.from(text);
    const head = Buffer.alloc(payload.length > 125 ? 8 : 6);
    head[0] = 0x81;
    head[1] = 0x80 | (payload.length > 125 ? 126 : payload.length);
    if (payload.length > 125) head.writeUInt16BE(payload.length, 2);
    socket.write(Buffer.concat([head, payload]));
  };
  socket.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\n` +
      'Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  );
  const until = (marker: string): Promise<void> =>
    new Promise((resolve) => {
      let seen = '';
      const onData = (data: Buffer): void => {
        seen += data.toString('latin1');
        if (!seen.includes(marker)) return;
        socket.off('data', onData);
        resolve();
      };
      socket.on('data', onData);
    });
  await until('"sid"');
  send(`40/storefront,${JSON.stringify({ token })}`);
  await until('40/storefront,');
  send(`42/storefront,0${JSON.stringify(['subscribe', { skus }])}`);
  await until('43/storefront,0');
  socket.pause();
  return socket;
}
