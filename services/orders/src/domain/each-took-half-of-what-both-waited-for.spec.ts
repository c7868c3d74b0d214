import { describe, expect, it } from '@jest/globals';
import { placing, TIMES } from '../testing/order-cases.js';
import { OrderScene } from '../testing/order-scene.js';

const FIRST = 'first';
const SECOND = 'second';
const wishing = (orderId: string, lines: Readonly<Record<string, number>>) =>
  placing(lines, { orderId, wish: 'wait_for_all' });

/** SKUs are decided in partitions of their own: A hears the first order before the second, every other SKU the reverse. */
function letTheLedgerAnswer(scene: OrderScene): void {
  const ranked = scene.commands.splice(0).map((command) => {
    const isRelease = command.type === 'release';
    const isOfFirst = 'reservationId' in command && String(command.reservationId).startsWith(`order/${FIRST}/`);
    const isFavoured = ('sku' in command && command.sku === 'A') === isOfFirst;
    return { command, rank: isRelease ? 0 : isFavoured ? 1 : 2 };
  });
  const order = ranked.toSorted((a, b) => a.rank - b.rank).map(({ command }) => command);
  scene.commands.push(...order);
  while (scene.commands.length > 0) scene.deliverCommand();
  while (scene.answers.length > 0) scene.deliverAnswer();
}

const statesOf = (scene: OrderScene) => [FIRST, SECOND].map((orderId) => scene.getOrder(orderId).state);

/** Until one of them has all, or for as long as nobody could call it chance. */
function compete(scene: OrderScene): string[] {
  for (let round = 0; round < 8; round++) {
    while (scene.commands.length > 0) letTheLedgerAnswer(scene);
    if (statesOf(scene).includes('ROUTED')) break;
    scene.pass(TIMES.retryAfterMs * 20);
  }
  return statesOf(scene).toSorted();
}

/** Each reserved one of two pieces at the same moment, was refused the other, gave its own back, and began again. */
describe('two orders for all or nothing that each take half of what both need', () => {
  it('do not go on so for ever: one gets all, the other holds nothing', () => {
    const scene = new OrderScene({ A: { dc: 1 }, B: { dc: 1 } });
    scene.hear(wishing(FIRST, { A: 1, B: 1 }), wishing(SECOND, { A: 1, B: 1 }));
    expect(compete(scene)).toEqual(['ROUTED', 'WAITING']);
    expect(scene.ledger.live()).toHaveLength(2);
  });

  it('nor do three pieces asked in another order of lines, from several places', () => {
    const scene = new OrderScene({ A: { 'shop-1': 1 }, B: { dc: 1 }, C: { 'shop-2': 1 } });
    scene.hear(wishing(FIRST, { C: 1, A: 1, B: 1 }), wishing(SECOND, { B: 1, C: 1, A: 1 }));
    expect(compete(scene)).toEqual(['ROUTED', 'WAITING']);
    expect(scene.ledger.live()).toHaveLength(3);
  });

  it('an order alone still asks for everything at once, and step by step only after it was refused', () => {
    const scene = new OrderScene({ A: { dc: 1 }, B: { dc: 1 } });
    scene.hear(wishing(FIRST, { B: 1, A: 1 }));
    expect(scene.commands.map(({ type }) => type)).toEqual(['reserve', 'reserve']);
    scene.sell('A', 'dc', 1).deliverAll();
    scene.ledger.receive('A', 'dc', 1);
    scene.pass(TIMES.retryAfterMs);
    expect(scene.commands).toMatchObject([{ type: 'reserve', sku: 'A' }]);
    expect(scene.getOrder(FIRST).queued).toMatchObject([{ sku: 'B', locations: ['dc'] }]);
    scene.deliverAll();
    expect(scene.getOrder(FIRST)).toMatchObject({ state: 'ROUTED', tasks: [{ location: 'dc', lines: [{}, {}] }] });
    expect(scene.getOrder(FIRST)).not.toHaveProperty('queued');
  });
});
