import { describe, expect, it } from '@jest/globals';
import { StockCommand } from '@shelfline/contracts/stock-delta';
import { cancelling, doing, NOW_MS, ORDER_ID, placing, TIMES } from '../testing/order-cases.js';
import { given, OrderScene } from '../testing/order-scene.js';
import { ledgerCommands } from './ledger-commands.js';

const UNITS = { A: { 'shop-1': 1 } };
const ID = 'order/web-1/line-A/1';
const commandsOf = (scene: OrderScene) => ledgerCommands(scene.order, scene.events);

describe('what an order asks of the ledger', () => {
  it('reserve: all or nothing, at the places in order, for as long as a hold lasts', () => {
    const commands = commandsOf(new OrderScene({ A: { 'shop-1': 1, dc: 1 } }).hear(placing()));
    expect(commands).toEqual([
      {
        type: 'reserve',
        id: `reserve/${ID}`,
        source: 'orders',
        sku: 'A',
        reservationId: ID,
        quantity: 1,
        locations: ['shop-1', 'dc'],
        mode: 'all_or_nothing',
        demand: 'online',
        expiresAt: new Date(NOW_MS + TIMES.holdForMs).toISOString(),
        lasting: true,
        replyTo: { topic: 'orders.intake', key: ORDER_ID },
      },
    ]);
    expect(StockCommand.safeParse(commands[0]).success).toBe(true);
  });
  it('what is carried out of a shop is no online demand', () => {
    const scene = new OrderScene(UNITS).hear(placing({ A: 1 }, { method: 'carry_out', store: 'shop-1' }));
    expect(commandsOf(scene)).toMatchObject([{ demand: 'carry_out' }]);
  });
  it('nothing more once a place has its task: what is held lasts', () => {
    const scene = new OrderScene(UNITS).hear(placing());
    scene.deliverCommand();
    scene.deliverAnswer();
    expect([scene.order.state, scene.commands]).toEqual(['ROUTED', []]);
  });
  it('release, when it is cancelled or rejected', () => {
    const release = { type: 'release', id: `release/${ID}`, source: 'orders', sku: 'A', reservationId: ID };
    for (const message of [cancelling(), doing('reject')])
      expect(commandsOf(given(UNITS, placing()).hear(message))).toEqual([release]);
  });
  it('fulfil, once, for each line of the task that leaves the house', () => {
    const scene = given({ A: { 'shop-1': 1 }, B: { 'shop-1': 2 }, C: { dc: 1 } }, placing({ A: 1, B: 2, C: 1 }));
    const own = scene.order.tasks.find(({ location }) => location === 'shop-1')!;
    const { number } = own;
    for (const action of ['accept', 'pick', 'pack'] as const)
      expect(commandsOf(scene.when(doing(action, { number })))).toEqual([]);
    const gone = commandsOf(scene.when(doing('ship', { number })));
    expect(gone.map((command) => `${command.type} ${'sku' in command && command.sku}`).toSorted()).toEqual(
      own.lines.map(({ sku }) => `fulfil ${sku}`).toSorted(),
    );
    expect(commandsOf(scene.when(doing('deliver', { number })))).toEqual([]);
  });
  it('fulfil, of the task that leaves and not of one that has left before', () => {
    const scene = given({ A: { 'shop-1': 1 }, C: { dc: 1 } }, placing({ A: 1, C: 1 }));
    for (const [i, { location: store }] of scene.order.tasks.entries()) {
      for (const action of ['accept', 'pick', 'pack'] as const) scene.when(doing(action, { number: i + 1, store }));
      expect(commandsOf(scene.when(doing('ship', { number: i + 1, store })))).toHaveLength(1);
    }
  });
  it('is an error where the order has no such reservation', () => {
    const { order } = given(UNITS, placing());
    expect(() => ledgerCommands(order, [{ type: 'hold_released', reservationId: 'x' }])).toThrow(
      'order web-1 has no reservation x',
    );
  });
});
