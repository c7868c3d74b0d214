import { describe, expect, it } from '@jest/globals';
import type { MemberCart } from './cart.js';
import { Connection } from './connection.js';
import { ManualClock, ScriptedServer } from './testing/scripted-server.js';

const cart = (version: number, memberId = 'm-1') => ({ memberId, version }) as MemberCart;
const ok = (held: MemberCart | null, memberId = 'm-1', epoch = 'e') => ({ ok: true, epoch, memberId, cart: held });

async function setUp() {
  const server = new ScriptedServer();
  const clock = new ManualClock();
  const connection = new Connection({ openWire: server.openWire, clock, random: () => 0.5, canRenewToken: true });
  const shown: string[] = [];
  const show = ({ memberId, version }: MemberCart): void => void shown.push(`${memberId} ${version}`);
  await server.accept();
  const comeBack = async () => {
    await server.lose();
    await clock.advance(30_000);
    await server.accept();
    return server.next();
  };
  return { server, connection, shown, show, comeBack };
}

describe('a member’s cart', () => {
  it('is shown as it is, then as it is changed anywhere, never an older one', async () => {
    const { server, connection, shown, show } = await setUp();
    connection.watchCart(show);
    const asked = server.next();
    expect([asked.event, asked.body]).toEqual(['watch_cart', {}]);
    await asked.answer(ok(cart(5)));
    for (const version of [6, 4, 7]) await server.pushCart(cart(version));
    await server.pushCart(cart(9, 'm-2'));
    expect(shown).toEqual(['m-1 5', 'm-1 6', 'm-1 7']);
    expect(connection.getCart()).toEqual(cart(7));
  });

  it('is resumed after a loss from what is known of it', async () => {
    const { server, connection, shown, show, comeBack } = await setUp();
    connection.watchCart(show, 'm-1');
    await server.next().answer(ok(cart(5)));
    const asked = await comeBack();
    expect(asked.body).toEqual({ memberId: 'm-1', since: 5, epoch: 'e' });
    await asked.answer(ok(null));
    await server.pushCart(cart(6));
    expect(shown).toEqual(['m-1 5', 'm-1 6']);
  });

  it('of another member, who signed in meanwhile, is not kept behind the former one’s version', async () => {
    const { server, connection, shown, show, comeBack } = await setUp();
    connection.watchCart(show);
    await server.next().answer(ok(cart(50)));
    await (await comeBack()).answer(ok(null, 'm-2'));
    const again = server.next();
    expect(again.body).toEqual({});
    await again.answer(ok(cart(3, 'm-2'), 'm-2'));
    await server.pushCart(cart(51));
    await server.pushCart(cart(4, 'm-2'));
    expect(shown).toEqual(['m-1 50', 'm-2 3', 'm-2 4']);
  });

  it('is left when nobody looks at it any more', async () => {
    const { server, connection, show } = await setUp();
    const stop = connection.watchCart(show);
    await server.next().answer(ok(null));
    stop();
    expect(server.next()).toMatchObject({ event: 'unwatch_cart', body: { memberId: 'm-1' } });
  });
});
