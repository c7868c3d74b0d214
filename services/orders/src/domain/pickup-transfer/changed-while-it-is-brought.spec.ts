import { describe, expect, it } from '@jest/globals';
import { changing } from '../../testing/changing.js';
import { collecting, heldOf, PickupScene } from '../../testing/pickup-scene.js';

const collected = () => new PickupScene({ A: { dc: 3 } }).when(collecting({ A: 2 }));

describe('an order that is changed while it is brought to its store', () => {
  it('has no fewer of what a transfer has taken over: it may have left', () => {
    const scene = collected().when(changing({ A: 1 }));
    expect(scene.orders.refusals).toMatchObject([{ code: 'out_of_state', field: 'lines[0].quantity' }]);
    expect(scene.transfer).toMatchObject({ lines: [{ requestedUnits: 2 }] });
  });
  it('has more brought by another transfer', () => {
    const scene = collected().when(changing({ A: 3 }));
    expect(scene.getTransfer('web-1.t2')).toMatchObject({ from: 'dc', lines: [{ requestedUnits: 1 }] });
    expect([scene.orders.order.state, scene.faults()]).toEqual(['ARRIVING', []]);
  });
  it('is sent from where it can be had when it is not to be collected any more', () => {
    const scene = new PickupScene({ A: { dc: 2, 'shop-2': 2 } }).when(collecting({ A: 2 }));
    const { from } = scene.transfer;
    scene.when(changing({}, { method: 'courier', destination: { region: 'north' } }));
    expect(scene.transfer.state).toBe('CANCELLED');
    expect(scene.orders.order).toMatchObject({ state: 'ROUTED', placed: { method: 'courier' } });
    expect(scene.orders.order.tasks.map(({ location }) => location)).not.toEqual([from]);
    expect([heldOf(scene).length, scene.faults()]).toEqual([1, []]);
  });
});
