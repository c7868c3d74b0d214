import { describe, expect, it } from '@jest/globals';
import { cancelling, doing, ORDER_ID, placing } from '../../testing/order-cases.js';
import { collecting, heldOf, PickupScene, STORE } from '../../testing/pickup-scene.js';
import { HOUR_MS } from '../../testing/transfer-scene.js';
import { transferIdOf } from './arriving.js';

const come = (quantity: number, damaged = 0) => ({ lines: [{ lineId: 'line-A', quantity, damaged }] });
const collected = () => new PickupScene({ A: { dc: 3 } }).when(collecting({ A: 2 }));
const shipped = () => collected().does('ship');
const stateOf = ({ orders }: PickupScene) => orders.order.state;
const tasksOf = ({ orders }: PickupScene) => orders.order.tasks.map(({ location, lines }) => [location, lines]);
const stockOf = ({ ledger }: PickupScene, place: string) => [
  ledger.onHandOf('A', place),
  ledger.reservedOf('A', place),
];

describe('what is collected where it is not in stock', () => {
  it('is held where it lies, brought by a transfer of the order, held again as it comes, and then handed to the store', () => {
    const scene = collected();
    expect(stateOf(scene)).toBe('ARRIVING');
    expect(scene.orders.order).toMatchObject({ tasks: [], isDecided: true });
    expect(scene.transfer).toMatchObject({
      state: 'APPROVED',
      from: 'dc',
      to: STORE,
      purpose: 'pickup',
      orderId: ORDER_ID,
    });
    expect(stockOf(scene, 'dc')).toEqual([3, 2]);
    scene.does('ship');
    expect([stateOf(scene), stockOf(scene, 'dc')]).toEqual(['ARRIVING', [1, 0]]);
    scene.does('receive', come(2));
    expect([stateOf(scene), stockOf(scene, STORE)]).toEqual(['ROUTED', [2, 2]]);
    expect(tasksOf(scene)).toEqual([[STORE, [{ lineId: 'line-A', sku: 'A', quantity: 2 }]]]);
    for (const action of ['accept', 'pick', 'pack', 'ready', 'hand_over'] as const) scene.when(doing(action));
    expect([stateOf(scene), stockOf(scene, STORE), heldOf(scene), scene.faults()]).toEqual([
      'COMPLETED',
      [0, 0],
      [],
      [],
    ]);
  });
  it('is expected by nobody else: what is on its way for it is not promised ahead', () => {
    const scene = collected();
    scene.say('ship');
    expect(scene.deltas.map(({ type }) => type)).toEqual(['fulfil']);
  });
  it('is what the store lacks alone; the store begins when all of it is there', () => {
    const scene = new PickupScene({ A: { [STORE]: 1 }, B: { dc: 1 } }).when(collecting({ A: 1, B: 1 }));
    expect([stateOf(scene), tasksOf(scene), stockOf(scene, STORE)]).toEqual(['ARRIVING', [], [1, 1]]);
    expect(scene.transfer.lines.map(({ sku }) => sku)).toEqual(['B']);
    scene.does('ship').does('receive', { lines: [{ lineId: 'line-B', quantity: 1 }] });
    expect(tasksOf(scene)).toMatchObject([[STORE, [{ sku: 'A' }, { sku: 'B' }]]]);
  });
  it('stays with the store where it rejects one of two units that came, and the other is brought anew', () => {
    const scene = shipped().does('receive', come(2));
    scene.when(doing('reject', { lines: [{ lineId: 'line-A', quantity: 1 }] }));
    expect(tasksOf(scene)).toEqual([[STORE, [{ lineId: 'line-A', sku: 'A', quantity: 1 }]]]);
    expect(scene.getTransfer('web-1.t2')).toMatchObject({ from: 'dc', to: STORE, lines: [{ requestedUnits: 1 }] });
    scene.does('ship', {}, 'web-1.t2').does('receive', come(1), 'web-1.t2');
    for (const number of [1, 2])
      for (const action of ['accept', 'pick', 'pack', 'ready', 'hand_over'] as const)
        scene.when(doing(action, { number }));
    expect([stateOf(scene), heldOf(scene), scene.faults()]).toEqual(['COMPLETED', [], []]);
  });
  it('comes in as many parts as it likes', () => {
    const scene = shipped().does('receive', come(1));
    expect([stateOf(scene), stockOf(scene, STORE), tasksOf(scene)]).toEqual(['ARRIVING', [1, 1], []]);
    expect(scene.does('receive', come(1)).orders.order).toMatchObject({ state: 'ROUTED' });
    expect(stockOf(scene, STORE)).toEqual([2, 2]);
  });
  it('leaves in parts too, and what stays is nobody else’s in between', () => {
    const scene = collected();
    scene.say('ship', { lines: [{ lineId: 'line-A', quantity: 1 }] });
    scene.deliver(3);
    scene.deliver(3);
    // Booked back, and reserved in the same step: of three pieces one is under way and one is free.
    expect(stockOf(scene, 'dc')).toEqual([2, 1]);
    scene.settle().does('ship').does('receive', come(2));
    expect([stateOf(scene), stockOf(scene, STORE), heldOf(scene).length]).toEqual(['ROUTED', [2, 2], 2 - 1]);
  });
  it('that is sold on the store’s own counter is an endless aisle', () => {
    const scene = new PickupScene({ A: { dc: 1 } }).when(collecting({ A: 1 }, { soldAt: STORE }));
    expect(scene.transfer.purpose).toBe('endless_aisle');
  });
  it('waits for a decision where no rule approves it, reserved all the time', () => {
    const scene = new PickupScene({ A: { dc: 3 } });
    scene.rules = [];
    scene.when(collecting({ A: 2 }));
    expect([scene.transfer.state, stateOf(scene), stockOf(scene, 'dc')]).toEqual(['REQUESTED', 'ARRIVING', [3, 2]]);
    expect(scene.does('approve').transfer.state).toBe('APPROVED');
  });
});

describe('nobody else is promised it', () => {
  it('between its coming and the order’s hearing of it', () => {
    const scene = shipped();
    scene.say('receive', come(2));
    scene.deliver(3);
    expect(stockOf(scene, STORE)).toEqual([2, 2]);
    scene.orders.hear(placing({ A: 1 }, { orderId: 'web-2', method: 'pickup', store: STORE }));
    scene.settle();
    expect(scene.orders.getOrder('web-2')).toMatchObject({ holds: [{ location: 'dc' }] });
    expect(scene.faults()).toEqual([]);
  });
  it('and where the ledger’s answer overtakes the transfer’s word, it stands at once', () => {
    const scene = shipped();
    scene.say('receive', come(2));
    for (let i = 0; i < 9; i++) {
      scene.deliver(3);
      scene.deliver(4);
    }
    expect([stateOf(scene), scene.news.length]).toEqual(['ROUTED', 1]);
    scene.settle();
    expect([stateOf(scene), stockOf(scene, STORE), scene.faults()]).toEqual(['ROUTED', [2, 2], []]);
  });
  it('and where that answer is lost, it is asked for again', () => {
    const scene = shipped();
    scene.say('receive', come(2));
    while (scene.deltas.length > 0) scene.deliver(3);
    scene.answers.splice(0);
    expect(stateOf(scene.settle())).toBe('RESERVING');
    scene.passTime(5000).settle();
    expect([stateOf(scene), stockOf(scene, STORE), scene.faults()]).toEqual(['ROUTED', [2, 2], []]);
  });
  it('and where the order asks before it is booked in, what comes later is not held for nothing', () => {
    const scene = shipped();
    scene.say('receive', come(2));
    scene.deliver(5);
    scene.passTime(5000);
    while (scene.orders.commands.length > 0) scene.deliver(0);
    while (scene.orders.answers.length > 0) scene.deliver(1);
    while (scene.orders.commands.length > 0) scene.deliver(0);
    scene.settle();
    scene.passTime(60_000).settle();
    expect(scene.faults()).toEqual([]);
  });
});

describe('where it does not come', () => {
  const again = (scene: PickupScene) => [
    stateOf(scene),
    [...scene.transfers.values()].map(({ transferId, from, state }) => [transferId, from, state]),
    scene.faults(),
  ];
  const two = () => new PickupScene({ A: { dc: 3, 'shop-2': 3 } });
  it.each([
    ['rejected', 'REJECTED', (scene: PickupScene) => scene.does('reject', { reason: 'needed here' })],
    [
      'cancelled by the place it leaves',
      'CANCELLED',
      (scene: PickupScene) => scene.does('cancel', { place: 'shop-2' }),
    ],
  ])('%s, another place is asked and the first one is not asked again', (_name, state, end) => {
    const scene = two();
    if (state === 'REJECTED') scene.rules = [];
    scene.when(collecting({ A: 2 }));
    end(scene);
    expect(again(scene)).toEqual([
      'ARRIVING',
      [
        ['web-1.t1', 'shop-2', state],
        ['web-1.t2', 'dc', state === 'REJECTED' ? 'REQUESTED' : 'APPROVED'],
      ],
      [],
    ]);
    expect(stockOf(scene, 'shop-2')).toEqual([3, 0]);
  });
  it('the rest of it is looked for anew: short', () => {
    const scene = two()
      .when(collecting({ A: 2 }))
      .does('ship')
      .does('receive', come(1))
      .does('close');
    expect(again(scene)[0]).toBe('ARRIVING');
    expect(scene.getTransfer('web-1.t2').lines).toMatchObject([{ requestedUnits: 1 }]);
    expect([stockOf(scene, STORE), scene.faults()]).toEqual([[1, 1], []]);
  });
  it('the rest of it is looked for anew: damaged', () => {
    const scene = two()
      .when(collecting({ A: 2 }))
      .does('ship')
      .does('receive', come(2, 1));
    expect(scene.getTransfer('web-1.t2').lines).toMatchObject([{ requestedUnits: 1 }]);
    expect([stockOf(scene, STORE), scene.ledger.damagedOf('A', STORE), scene.faults()]).toEqual([[2, 1], 1, []]);
  });
  it('all of it is looked for anew: turned back', () => {
    const scene = two()
      .when(collecting({ A: 2 }))
      .does('ship')
      .does('turn_back');
    expect([again(scene)[0], scene.transfers.size, scene.faults()]).toEqual(['ARRIVING', 2, []]);
  });
  it('a till sold it where it lay: another place is asked, and nothing leaves', () => {
    const scene = two().when(collecting({ A: 2 }));
    scene.orders.sell('A', 'shop-2', 3);
    scene.settle();
    expect([...scene.transfers.values()].map(({ from, state }) => [from, state])).toEqual([
      ['shop-2', 'CANCELLED'],
      ['dc', 'APPROVED'],
    ]);
    expect([stateOf(scene), scene.faults()]).toEqual(['ARRIVING', []]);
  });
  it('there is no such transfer, since its place is closed: what was held is the order’s, and given back', () => {
    const scene = new PickupScene({ A: { dc: 3 } });
    scene.isPlace = (code) => code !== 'dc';
    scene.when(collecting({ A: 2 }));
    expect([stateOf(scene), heldOf(scene), scene.faults()]).toEqual(['WAITING', [], []]);
  });
  it('nobody else has it: the order waits where everybody sees it, and what has come stays held', () => {
    const scene = shipped().does('receive', come(1)).does('close');
    // One piece is left at the warehouse.
    expect(scene.getTransfer('web-1.t2')).toMatchObject({ lines: [{ requestedUnits: 1 }] });
    scene.does('cancel', {}, 'web-1.t2');
    expect(scene.orders.order).toMatchObject({ state: 'ROUTED', refusedBy: ['dc'] });
    expect([tasksOf(scene), scene.faults()]).toEqual([[[STORE, [{ lineId: 'line-A', sku: 'A', quantity: 1 }]]], []]);
  });
});

describe('what is late', () => {
  it('is told once it is reminded of, and looked for elsewhere at the second time, unless it has left', () => {
    const scene = new PickupScene({ A: { dc: 3, 'shop-2': 3 } }).when(collecting({ A: 2 }));
    scene.passTime(2 * HOUR_MS).settle();
    expect(scene.orders.order.transfers).toMatchObject([{ from: 'shop-2', isLate: true }]);
    scene.passTime(2 * HOUR_MS).settle();
    expect([...scene.transfers.values()].map(({ from, state }) => [from, state])).toEqual([
      ['shop-2', 'CANCELLED'],
      ['dc', 'APPROVED'],
    ]);
    scene.does('ship', {}, 'web-1.t2');
    scene.passTime(12 * HOUR_MS).settle();
    expect([scene.transfers.size, stateOf(scene), scene.faults()]).toEqual([2, 'ARRIVING', []]);
  });
});

describe('a store that would not have it', () => {
  it('was sent it again and again: nothing more is brought there', () => {
    const scene = shipped()
      .does('receive', come(2))
      .when(doing('reject', { reason: 'no room' }));
    expect([stateOf(scene), scene.transfers.size, scene.faults()]).toEqual(['WAITING', 1, []]);
  });
});

describe('cancelled', () => {
  const arrive = (scene: PickupScene) => {
    const { transfer } = scene;
    if (transfer.state === 'IN_TRANSIT') scene.does('receive', come(2));
  };
  it.each([
    ['asked of the ledger', 0],
    ['held, and the transfer has not heard of it', 1],
    ['approved', 2],
    ['shipped', 3],
    ['come, and nobody has heard of it', 4],
    ['come', 5],
  ])('while it is %s, it leaves a clean slate', (_name, step) => {
    const scene = new PickupScene({ A: { dc: 3 } });
    scene.orders.hear(collecting({ A: 2 }));
    if (step >= 1) {
      scene.deliver(0);
      scene.deliver(1);
    }
    if (step >= 2) scene.settle();
    if (step >= 3) scene.does('ship');
    if (step === 4) scene.say('receive', come(2));
    if (step === 5) scene.does('receive', come(2));
    scene.when(cancelling());
    if (step > 0) arrive(scene);
    scene.settle();
    expect([stateOf(scene), heldOf(scene), scene.faults()]).toEqual(['CANCELLED', [], []]);
    expect(stockOf(scene, 'dc')[0]! + stockOf(scene, STORE)[0]!).toBe(3);
  });
  it('while its transfer is shipped and the order has not heard of it, nobody was promised what was gone', () => {
    const scene = collected();
    scene.say('ship');
    scene.orders.hear(cancelling());
    while (scene.orders.commands.length > 0) scene.deliver(0);
    scene.grabAllThatIsFree();
    scene.settle();
    expect([stockOf(scene, 'dc'), scene.faults()]).toEqual([[1, 1], []]);
  });
  it('just as it is shipped, what is under way comes as anybody’s', () => {
    const scene = collected();
    scene.orders.hear(cancelling());
    scene.say('ship');
    scene.settle().say('receive', come(2));
    scene.deliver(3);
    expect(stockOf(scene, STORE)).toEqual([2, 0]);
    scene.settle();
    expect([stateOf(scene), heldOf(scene), stockOf(scene, STORE)]).toEqual(['CANCELLED', [], [2, 0]]);
  });
});

describe('a transfer of an order', () => {
  it('has an id of its own that a transfer can have, however long the order’s is', () => {
    expect(transferIdOf('web-1', 2)).toBe('web-1.t2');
    const [a, b] = [transferIdOf('x'.repeat(64), 1), transferIdOf(`${'x'.repeat(63)}y`, 1)];
    expect([a.length <= 64, b.length <= 64, a === b]).toEqual([true, true, false]);
  });
});
