import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import './kafkajs-connections.js';

interface Connection {
  connect(): Promise<boolean>;
  disconnect(): Promise<boolean>;
  send(protocol: object): Promise<unknown>;
}
const load = createRequire(import.meta.url);
const ConnectionOfKafkajs = load('kafkajs/src/network/connection') as new (options: object) => Connection;
const socketFactory = load('kafkajs/src/network/socketFactory') as () => unknown;
const { protocol } = load('kafkajs/src/protocol/requests/apiVersions') as {
  protocol: (of: { version: number }) => () => object;
};
const silent = { namespace: () => silent, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
/** Where a request, after its length, key and version, has the number that its answer repeats. */
const NUMBER_AT = 8;

/** Versions: no error, none named. */
function answerTo(request: Buffer): Buffer {
  const answer = Buffer.alloc(14);
  answer.writeInt32BE(10, 0);
  answer.writeInt32BE(request.readInt32BE(NUMBER_AT), 4);
  return answer;
}

let server: Server;
let connection: Connection;
let cutsAnswers: boolean;
beforeEach(async () => {
  server = createServer((socket: Socket) => {
    socket.on('data', (request) => {
      const answer = answerTo(request);
      if (cutsAnswers) socket.end(answer.subarray(0, 7));
      else socket.write(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  connection = new ConnectionOfKafkajs({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    logger: silent,
    socketFactory: socketFactory(),
    requestTimeout: 300,
    connectionTimeout: 3000,
  });
});
afterEach(async () => {
  await connection.disconnect();
  await new Promise((resolve) => server.close(resolve));
});

it('reads the answers of a new connection although the last one broke off within an answer', async () => {
  const ask = () => connection.send(protocol({ version: 0 })());
  cutsAnswers = true;
  await connection.connect();
  await expect(ask()).rejects.toThrow('Closed connection');
  cutsAnswers = false;
  await connection.connect();
  expect(await ask()).toMatchObject({ errorCode: 0 });
});
