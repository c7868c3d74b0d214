import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { askReady } from './parts-health.js';

describe('the readiness of a part', () => {
  let server: Server | undefined;
  afterEach(() => void server?.close());
  const answering = async (status: number, body: string) => {
    server = createServer((_, response) => response.writeHead(status).end(body));
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it('names what the part waits for, not the part, where Kafka is away', async () => {
    const checks = { process: { ready: true }, kafka: { ready: false, detail: 'does not answer' } };
    const url = await answering(503, JSON.stringify({ status: 'not ready', checks }));
    expect(await askReady('connect', url)).toEqual({ ready: false, detail: 'waits for kafka (does not answer)' });
  });

  it.each(['', '{"checks":{}}', '<html>'])('names the part where it does not say why: %j', async (body) => {
    const url = await answering(503, body);
    expect(await askReady('connect', url)).toEqual({ ready: false, detail: 'the connect service answers 503' });
  });

  it('names the part that is not there, and says of one that is ready nothing more', async () => {
    const url = await answering(200, '{}');
    expect(await askReady('connect', url)).toEqual({ ready: true });
    await new Promise((resolve) => server!.close(resolve));
    expect(await askReady('connect', url)).toEqual({ ready: false, detail: 'the connect service does not answer' });
  });
});
