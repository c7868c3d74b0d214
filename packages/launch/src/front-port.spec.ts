import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { findFreePorts } from '@shelfline/local-stack/free-port';
import { requireFrontPort } from './front-port.js';

describe('the port of the page', () => {
  it('is taken as it is when nobody listens there', async () => {
    const [free] = await findFreePorts(1);
    await expect(requireFrontPort(free!)).resolves.toBeUndefined();
  });

  it('is refused when somebody does, with one that is free', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(requireFrontPort(port)).rejects.toThrow(
      new RegExp(`another program listens on 127.0.0.1:${port}.*\nEnd that program.*npm start -- --port (\\d+|P)$`),
    );
    other.close();
  });
});
