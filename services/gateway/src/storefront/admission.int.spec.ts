import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { UnsecuredJWT } from 'jose';
import { GatewayUnderTest } from '../testing/gateway-under-test.js';
import { Screens } from '../testing/screens.js';

let gateway: GatewayUnderTest;
const screens = new Screens(() => gateway.address);

beforeAll(async () => {
  gateway = await GatewayUnderTest.start('admission');
});
afterEach(() => screens.closeAll());
afterAll(() => gateway?.stop());

describe('who may come in', () => {
  it('nobody without a valid token', async () => {
    const none = new UnsecuredJWT({ role: 'storefront', sub: 'x' })
      .setExpirationTime('1h')
      .setIssuer('shelfline-dev')
      .setAudience('shelfline')
      .encode();
    for (const auth of [
      {},
      { token: '' },
      { token: 'rubbish' },
      { token: none },
      { token: await gateway.token({}, { ttlSeconds: -60 }) },
      { token: 7 },
    ])
      expect(await screens.refusal(auth)).toMatchObject({
        status: 401,
        title: expect.any(String),
        detail: expect.any(String),
      });
    const foreign = await gateway.token({}, { issuer: 'else' });
    expect(await screens.refusal({ token: foreign })).toMatchObject({ status: 401 });
    expect(await screens.refusal({ token: await gateway.token({ role: 'customer' as 'ops' }) })).toMatchObject({
      status: 401,
    });
  });

  it('no page of another origin, and nobody at the default namespace', async () => {
    const withOrigin = (origin: string) => screens.connect({ token: 'x' }, { extraHeaders: { origin } });
    await expect(withOrigin('https://evil.example')).rejects.toThrow('websocket error');
    await expect(withOrigin('http://localhost:3000')).rejects.toMatchObject({ data: { status: 401 } });
    const root = screens.socket('');
    const error = await new Promise<Error>((resolve) => root.once('connect_error', resolve));
    expect(error.message).toContain('/storefront');
  });

  it('until the token expires', async () => {
    const mine = await screens.connect({ token: await gateway.token({}, { ttlSeconds: 1 }) });
    const said = new Promise((resolve) => mine.socket.once('expired', resolve));
    const reason = await new Promise((resolve) => mine.socket.once('disconnect', resolve));
    expect(await said).toMatchObject({ status: 401, title: 'The token has expired' });
    expect(reason).toBe('io server disconnect');
  });

  it('not to flood', async () => {
    const mine = await screens.connect({ token: await gateway.token() });
    const gone = new Promise((resolve) => mine.socket.once('disconnect', resolve));
    const answers: Promise<unknown>[] = [];
    for (let i = 0; i < 15; i++) answers.push(mine.ask('unsubscribe', { skus: ['A'] }));
    const refusedAnswers = (await Promise.all(answers)).filter((a) => (a as { status?: number }).status === 429);
    expect(refusedAnswers.length).toBeGreaterThan(0);
    for (let i = 0; i < 40; i++) mine.socket.emit('unsubscribe', { skus: ['A'] });
    expect(await gone).toBe('io server disconnect');
  });
});
