import { describe, expect, it } from '@jest/globals';
import { changing } from '../../testing/changing.js';
import { answerTo, creditScene, onAccount } from '../../testing/credit-scene.js';
import { cancelling, doing, TIMES } from '../../testing/order-cases.js';
import { orderFaults } from '../../testing/order-faults.js';
import { waitingOf } from '../../waiting-for.js';

const UNITS = { A: { dc: 5 }, B: { dc: 5 } };
const asked = () => creditScene(UNITS).when(onAccount({ A: 2, B: 1 }));

describe('what is ordered on account', () => {
  it('asks for credit first, and nothing is promised meanwhile', () => {
    const scene = asked();
    expect(scene.order).toMatchObject({ state: 'RESERVING', isDecided: false });
    expect(scene.creditRequests).toEqual([
      {
        id: 'credit/web-1/1/1',
        source: 'orders',
        orderId: 'web-1',
        account: 'S-1',
        currency: 'CNY',
        holdMinor: 300,
        revision: 1,
      },
    ]);
    expect([scene.order.holds, scene.ledger.live()]).toEqual([[], []]);
  });

  it('goes on as any other once it is held', () => {
    const scene = asked();
    scene.when(answerTo(scene.creditRequests[0]!, 'held'));
    expect(scene.order).toMatchObject({ state: 'ROUTED', credit: { state: 'held', isGranted: true } });
    expect([scene.order.credit?.dueAtMs, orderFaults(scene)]).toEqual([undefined, []]);
  });

  it('is not made more afterwards: nobody has held credit for it', () => {
    const scene = asked();
    scene.when(answerTo(scene.creditRequests[0]!, 'held'), changing({ A: 3 }));
    expect(scene.refusals).toMatchObject([{ code: 'credit_not_held' }]);
    expect(scene.ledger.reservedOf('A', 'dc')).toBe(2);
  });

  it('and is over does not complete once more with each answer about its credit', () => {
    const scene = asked();
    scene.when(answerTo(scene.creditRequests[0]!, 'held'));
    const changedAtMs = scene.when(cancelling()).order.changedAtMs;
    scene.after(TIMES.askAgainAfterMs);
    expect([scene.order.state, scene.order.changedAtMs]).toEqual(['CANCELLED', changedAtMs]);
  });

  it.each(['refused', 'unavailable'] as const)('waits visibly where it is %s, and is asked again', (result) => {
    const scene = asked();
    scene.when(answerTo(scene.creditRequests[0]!, result));
    expect(scene.order).toMatchObject({ state: 'WAITING', reason: `credit_${result}`, isDecided: true });
    expect(waitingOf(scene.order)).toEqual({ waitingFor: 'credit' });
    expect(scene.after(TIMES.retryAfterMs - 1).creditRequests).toHaveLength(1);
    expect(scene.after(1).creditRequests[1]).toMatchObject({ id: 'credit/web-1/1/2', revision: 1, holdMinor: 300 });
    expect(scene.order.state).toBe('WAITING');
    scene.when(answerTo(scene.creditRequests[1]!, 'held'));
    expect([scene.order.state, waitingOf(scene.order)]).toEqual(['ROUTED', {}]);
  });

  it('is asked again where no answer comes, and less and less often where it is no', () => {
    const scene = asked().after(TIMES.askAgainAfterMs);
    expect(scene.creditRequests).toHaveLength(2);
    const waits: number[] = [];
    for (let i = 1; i < 6; i++) {
      scene.when(answerTo(scene.creditRequests.at(-1)!, 'refused'));
      const waitMs = scene.order.credit!.dueAtMs! - scene.nowMs;
      waits.push(waitMs);
      scene.after(waitMs);
    }
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits.at(-1)).toBeGreaterThan(TIMES.retryAfterMs);
    expect(scene.creditRequests).toHaveLength(7);
  });
});

describe('credit is given back', () => {
  const held = () => {
    const scene = asked();
    return scene.when(answerTo(scene.creditRequests[0]!, 'held'));
  };
  it('whole where the order is cancelled, and asked until somebody says so', () => {
    const scene = held().when(cancelling());
    expect(scene.order.state).toBe('CANCELLED');
    expect(scene.creditRequests.at(-1)).toMatchObject({ holdMinor: 0, revision: 2 });
    scene.when(answerTo(scene.creditRequests.at(-1)!, 'unavailable'));
    scene.after(TIMES.retryAfterMs);
    expect(scene.creditRequests.at(-1)).toMatchObject({ holdMinor: 0, revision: 2, id: 'credit/web-1/2/3' });
    scene.when(answerTo(scene.creditRequests.at(-1)!, 'held'));
    expect([scene.order.state, scene.order.credit?.dueAtMs]).toEqual(['CANCELLED', undefined]);
  });

  it('even where the order is cancelled before the first answer, which then says nothing any more', () => {
    const scene = asked().when(cancelling());
    expect(scene.order).toMatchObject({ state: 'CANCELLED', credit: { revision: 2, holdMinor: 0 } });
    scene.when(answerTo(scene.creditRequests[0]!, 'held'));
    expect([scene.decided.kind, scene.ledger.live()]).toEqual(['unchanged', []]);
  });

  it('while it waits for credit, and it is not asked for the whole again', () => {
    const scene = asked();
    scene.when(answerTo(scene.creditRequests[0]!, 'refused'), cancelling());
    expect(scene.order.state).toBe('CANCELLED');
    scene.when(answerTo(scene.creditRequests.at(-1)!, 'held')).after(TIMES.retryAfterMs * 100);
    expect(scene.creditRequests.map(({ holdMinor }) => holdMinor)).toEqual([300, 0]);
  });

  it('in part where a part cannot be had', () => {
    const scene = creditScene({ A: { dc: 5 } }).when(onAccount({ A: 2, B: 1 }, { wish: 'cancel_rest' }));
    scene.when(answerTo(scene.creditRequests[0]!, 'held'));
    expect(scene.order).toMatchObject({ state: 'ROUTED', lines: [{ cancelledUnits: 0 }, { cancelledUnits: 1 }] });
    expect(scene.creditRequests.at(-1)).toMatchObject({ holdMinor: 200, revision: 2 });
  });

  it('not where it was sent: that is owed', () => {
    const scene = held();
    for (const action of ['accept', 'pick', 'pack', 'ship', 'deliver'] as const)
      scene.when(doing(action, { store: 'dc' }));
    expect(scene.order.state).toBe('COMPLETED');
    expect(scene.creditRequests).toHaveLength(1);
  });
});

it('an answer that comes twice changes nothing', () => {
  const scene = asked();
  const answer = answerTo(scene.creditRequests[0]!, 'held');
  scene.when(answer, answer);
  expect(scene.decided.kind).toBe('unchanged');
});
