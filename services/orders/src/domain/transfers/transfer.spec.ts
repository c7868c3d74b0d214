import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, TransferScene } from '../../testing/transfer-scene.js';

const approved = (stock = 10, wanted = 6) => {
  const scene = new TransferScene({ A: stock });
  scene.request({ A: wanted });
  scene.say('approve');
  return scene.settle();
};
const shipped = (lines?: object) => {
  const scene = approved();
  scene.say('ship', lines ? { lines } : {});
  return scene.settle();
};
const at = (scene: TransferScene, place: string) => scene.ledger.shelf('A', place);
const line = (scene: TransferScene) => scene.transfer!.lines[0]!;

describe('a transfer', () => {
  it('reserves its goods where they leave once it is approved, and not before', () => {
    const scene = new TransferScene({ A: 10 });
    scene.request({ A: 6 });
    expect(scene.transfer).toMatchObject({ state: 'REQUESTED' });
    expect(scene.deltas).toEqual([]);
    scene.say('approve');
    expect(scene.transfer).toMatchObject({ state: 'RESERVING' });
    scene.settle();
    expect(scene.transfer).toMatchObject({ state: 'APPROVED' });
    expect(at(scene, 'dc')).toMatchObject({ onHand: 10, reserved: 6 });
  });
  it('approves itself where a rule says so, by purpose and units', () => {
    const rules = [{ purposes: ['pickup' as const], mostUnits: 5 }];
    const asked = (units: number, purpose: string) => {
      const scene = new TransferScene({ A: 10 }, rules);
      scene.request({ A: units }, { purpose });
      return scene.transfer!.state;
    };
    expect([asked(5, 'pickup'), asked(6, 'pickup'), asked(5, 'replenishment')]).toEqual([
      'RESERVING',
      'REQUESTED',
      'REQUESTED',
    ]);
  });
  it('is expected where it goes once it has left, and is there once it is received', () => {
    const scene = shipped();
    expect(scene.transfer).toMatchObject({ state: 'IN_TRANSIT' });
    expect(at(scene, 'dc')).toMatchObject({ onHand: 4, reserved: 0 });
    expect(at(scene, 'shop')).toMatchObject({ onHand: 0, incoming: 6 });
    scene.say('receive', { lines: [{ lineId: 'l-A', quantity: 6 }] });
    scene.settle();
    expect(scene.transfer).toMatchObject({ state: 'CLOSED', discrepancies: [] });
    expect(at(scene, 'shop')).toMatchObject({ onHand: 6, incoming: 0 });
  });
  it('leaves and comes in parts; what has not left stays reserved', () => {
    const scene = shipped([{ lineId: 'l-A', quantity: 2 }]);
    expect(at(scene, 'dc')).toMatchObject({ onHand: 8, reserved: 4 });
    scene.say('receive', { lines: [{ lineId: 'l-A', quantity: 1 }] });
    scene.say('ship');
    scene.settle();
    expect(at(scene, 'dc')).toMatchObject({ onHand: 4, reserved: 0 });
    expect(at(scene, 'shop')).toMatchObject({ onHand: 1, incoming: 5 });
    scene.say('receive', { lines: [{ lineId: 'l-A', quantity: 5 }] });
    expect(scene.settle().transfer).toMatchObject({ state: 'CLOSED' });
  });
  it('goes on with what there is, and ends where there is nothing', () => {
    const some = approved(4, 6);
    expect(some.transfer).toMatchObject({ state: 'APPROVED' });
    expect(line(some)).toMatchObject({ unavailableUnits: 2, hold: { units: 4 } });
    expect(approved(0, 6).transfer).toMatchObject({ state: 'CANCELLED' });
  });
  it('leaves all the same where its reservation had ended meanwhile', () => {
    const scene = approved();
    scene.ledger.end(line(scene).hold!.reservationId);
    scene.say('ship', { lines: [{ lineId: 'l-A', quantity: 5 }] });
    scene.settle();
    expect(at(scene, 'dc').onHand).toBe(5);
    expect(scene.pieces('A')).toBe(10);
    expect(scene.ledger.facts).toContainEqual(
      expect.objectContaining({ type: 'transfer_out', quantity: 6, reason: 'reservation_had_ended' }),
    );
  });
});

describe('what differs', () => {
  it('is a movement with its reason: damaged, too many, missing', () => {
    const scene = shipped();
    scene.say('receive', { by: 'Lea', lines: [{ lineId: 'l-A', quantity: 4, damaged: 1, reason: 'wet box' }] });
    scene.say('close', { reason: 'van was robbed' });
    scene.settle();
    expect(scene.transfer).toMatchObject({
      state: 'CLOSED',
      discrepancies: [
        { kind: 'damaged', units: 1, reason: 'wet box', by: 'Lea' },
        { kind: 'short', units: 2, reason: 'van was robbed' },
      ],
    });
    expect(at(scene, 'shop')).toMatchObject({ onHand: 4, damaged: 1, incoming: 0 });
    expect(scene.ledger.facts).toContainEqual(
      expect.objectContaining({ type: 'damage', quantity: 1, reason: 'transfer_damaged: wet box' }),
    );
    expect(scene.ledger.facts).toContainEqual(
      expect.objectContaining({
        type: 'expect',
        withdrawn: true,
        quantity: 2,
        reason: 'transfer_short: van was robbed',
      }),
    );
  });
  it('beyond what left is an adjustment where it came', () => {
    const scene = shipped();
    scene.say('receive', { lines: [{ lineId: 'l-A', quantity: 8 }] });
    scene.settle();
    expect(scene.transfer).toMatchObject({ state: 'CLOSED', discrepancies: [{ kind: 'over', units: 2 }] });
    expect(at(scene, 'shop')).toMatchObject({ onHand: 8, incoming: 0 });
    expect(scene.ledger.facts).toContainEqual(
      expect.objectContaining({ type: 'adjustment', quantity: 2, reason: 'transfer_over: more came than left' }),
    );
  });
});

describe('a clean slate', () => {
  const nothingOpen = (scene: TransferScene) => {
    expect(at(scene, 'dc')).toEqual({ onHand: 10, reserved: 0, damaged: 0, incoming: 0 });
    expect(at(scene, 'shop')).toEqual({ onHand: 0, reserved: 0, damaged: 0, incoming: 0 });
  };
  it.each([
    ['requested', () => {}],
    ['asked of the ledger, which has not heard it', (scene: TransferScene) => void scene.say('approve')],
    [
      'granted, which nobody has heard',
      (scene: TransferScene) => {
        scene.say('approve');
        scene.deliverDelta();
      },
    ],
    [
      'reserved',
      (scene: TransferScene) => {
        scene.say('approve');
        scene.settle();
      },
    ],
  ])('is left by cancelling one that is %s', (_name, bring) => {
    const scene = new TransferScene({ A: 10 });
    scene.request({ A: 6 });
    bring(scene);
    expect(scene.say('cancel', { reason: 'no need' }).kind).toBe('applied');
    scene.settle();
    expect(scene.transfer).toMatchObject({ state: 'CANCELLED', reason: 'no need' });
    nothingOpen(scene);
  });
  it('is left by turning back what is in transit', () => {
    const scene = shipped();
    scene.say('turn_back', { reason: 'road closed' });
    scene.settle();
    expect(scene.transfer).toMatchObject({ state: 'CLOSED' });
    nothingOpen(scene);
  });
  it('of what had not left is left by cancelling; what is in transit still comes', () => {
    const scene = shipped([{ lineId: 'l-A', quantity: 2 }]);
    scene.say('cancel');
    scene.settle();
    expect(scene.transfer).toMatchObject({ state: 'IN_TRANSIT' });
    expect(at(scene, 'dc')).toMatchObject({ onHand: 8, reserved: 0 });
    scene.say('receive', { lines: [{ lineId: 'l-A', quantity: 2 }] });
    expect(scene.settle().transfer).toMatchObject({ state: 'CLOSED' });
  });
});

describe('what is not possible', () => {
  it.each([
    ['ship', { place: 'shop' }, 'unknown_transfer'],
    ['approve', { place: 'dc' }, 'unknown_transfer'],
    ['cancel', { place: 'other' }, 'unknown_transfer'],
    ['receive', { lines: [{ lineId: 'l-A', quantity: 1 }] }, 'out_of_state'],
    ['ship', { lines: [{ lineId: 'l-A', quantity: 7 }] }, 'more_than_held'],
    ['ship', { lines: [{ lineId: 'l-X', quantity: 1 }] }, 'unknown_line'],
    ['ship', { lines: [{ lineId: 'l-A', quantity: 0 }] }, 'nothing_to_move'],
  ])('is refused and changes nothing: %s %j is %s', (type, more, code) => {
    const scene = approved();
    const before = scene.transfer;
    expect(scene.say(type, more)).toMatchObject({ kind: 'refused', refusals: [{ code }] });
    expect(scene.transfer).toBe(before);
  });
  it('says every fault of a request at once', () => {
    const scene = new TransferScene({});
    const decided = scene.request({ NOPE: 1 }, { to: 'nowhere', place: 'elsewhere' });
    expect(decided).toMatchObject({
      refusals: [{ code: 'other_place' }, { code: 'unknown_location', field: 'to' }, { field: 'lines[0].sku' }],
    });
  });
});

describe('time', () => {
  it('calls out what nobody goes on with, later each time, until somebody does', () => {
    const scene = new TransferScene({ A: 10 });
    scene.request({ A: 6 });
    expect(scene.passTime(HOUR_MS - 1).kind).toBe('unchanged');
    expect(scene.passTime(1)).toMatchObject({ events: [{ type: 'overdue', level: 1 }] });
    expect(scene.passTime(HOUR_MS - 1).kind).toBe('unchanged');
    expect(scene.passTime(1)).toMatchObject({ events: [{ type: 'overdue', level: 2 }] });
    scene.say('approve');
    expect(scene.settle().transfer).toMatchObject({ overdue: 0 });
    expect(scene.passTime(2 * HOUR_MS)).toMatchObject({ events: [{ type: 'overdue', level: 1 }] });
  });
  it('asks the ledger again, just as before, where its answer was lost', () => {
    const scene = new TransferScene({ A: 10 });
    scene.request({ A: 6 });
    scene.say('approve');
    const [first] = scene.deltas;
    scene.passTime(5000);
    expect(scene.deltas).toEqual([first, first]);
  });
});
