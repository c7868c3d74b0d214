import { describe, expect, it } from '@jest/globals';
import type { ParcelMessage } from '@shelfline/contracts/parcel';
import { decideParcel, type ParcelDecided } from './decide-parcel.js';
import { delayMs, MOST_ATTEMPTS, MOST_STEPS, type Parcel } from './parcel.js';

const NOW_MS = Date.UTC(2026, 5, 1, 12);
const named = { id: 'x', source: 'test', orderId: 'web-1', parcelId: 'web-1/1' };
const wanted: ParcelMessage = {
  ...named,
  type: 'wanted',
  store: 'shop-1',
  method: 'courier',
  destination: { city: 'Shanghai' },
  lines: [{ sku: 'A', quantity: 1 }],
};
const unwanted: ParcelMessage = { ...named, type: 'unwanted' };
const retry: ParcelMessage = { ...named, type: 'retry', by: 'Mei' };
type Answered = Extract<ParcelMessage, { type: 'answered' }>;
const answered = (answer: Answered['answer'], more: Partial<Answered> = {}): ParcelMessage => ({
  ...named,
  type: 'answered',
  courier: 'simulator',
  answer,
  ...more,
});
const labelled = answered('labelled', { tracking: 'SIM1' });
type Moved = Extract<ParcelMessage, { type: 'moved' }>;
const moved = (step: Moved['step'], minutes = 0, more: Partial<Moved> = {}): ParcelMessage => ({
  ...named,
  type: 'moved',
  courier: 'simulator',
  step,
  at: new Date(NOW_MS + minutes * 60_000).toISOString(),
  ...more,
});

function after(...messages: readonly ParcelMessage[]) {
  let parcel: Parcel | undefined;
  let decided: ParcelDecided = { kind: 'unchanged' };
  let version = 0;
  for (const message of messages) {
    decided = decideParcel(message, parcel, {
      atMs: NOW_MS,
      version: ++version,
      courier: 'simulator',
      labelOf: (id) => `/labels/${id}`,
    });
    if (decided.kind === 'applied') parcel = decided.parcel;
  }
  return { parcel, decided, told: decided.kind === 'applied' ? decided.told : undefined };
}

describe('a parcel that is packed', () => {
  it('is due at once, and labelled once, however often that is said', () => {
    expect(after(wanted).parcel).toMatchObject({ state: 'ASKED', dueAtMs: NOW_MS, attempts: 0 });
    const { parcel, told } = after(wanted, labelled);
    expect(told).toMatchObject({ change: 'labelled', tracking: 'SIM1', label: '/labels/web-1/1' });
    expect(parcel).toMatchObject({ state: 'LABELLED', tracking: 'SIM1' });
    expect(parcel).not.toHaveProperty('dueAtMs');
    expect(after(wanted, labelled, labelled).decided.kind).toBe('unchanged');
    expect(after(wanted, wanted).decided.kind).toBe('unchanged');
  });
  it('is asked for again, later each time, and at last waits for a person, who can have it asked again', () => {
    const vain = Array.from({ length: MOST_ATTEMPTS }, () => answered('unavailable', { reason: 'no line' }));
    expect(after(wanted, ...vain.slice(0, 3)).parcel).toMatchObject({ attempts: 3, dueAtMs: NOW_MS + 4000 });
    const failed = after(wanted, ...vain);
    expect([failed.parcel!.state, failed.told]).toMatchObject([
      'FAILED',
      { change: 'label_failed', reason: 'no line' },
    ]);
    expect(failed.parcel).not.toHaveProperty('dueAtMs');
    expect(after(wanted, ...vain, retry).parcel).toMatchObject({ state: 'ASKED', attempts: 0, dueAtMs: NOW_MS });
    expect(after(wanted, retry).decided).toEqual({ kind: 'refused', code: 'out_of_state' });
    expect([1, 2, 3, 20].map(delayMs)).toEqual([1000, 2000, 4000, 120_000]);
  });
  it('was given up in half the time where each question was asked by two', () => {
    const due = { dueAt: new Date(NOW_MS).toISOString() };
    const twice = [answered('unavailable', due), answered('unavailable', due)];
    expect(after(wanted, ...twice).parcel).toMatchObject({ attempts: 1, dueAtMs: NOW_MS + 1000 });
    const next = { dueAt: new Date(NOW_MS + 1000).toISOString() };
    expect(after(wanted, ...twice, answered('unavailable', next)).parcel).toMatchObject({ attempts: 2 });
    // Of the label, while its undo is asked for.
    expect(after(wanted, ...twice, unwanted, answered('unavailable', next)).parcel).toMatchObject({ attempts: 0 });
    expect(after(wanted, ...twice, answered('labelled', { tracking: 'SIM1', ...due })).parcel!.state).toBe('LABELLED');
  });
  it('fails at once where its courier will never take it', () => {
    expect(after(wanted, answered('refused', { reason: 'no such town' })).told).toMatchObject({
      change: 'label_failed',
      reason: 'no such town',
    });
  });
});

describe('a parcel that is not to go any more', () => {
  it.each([
    ['before it was labelled', [wanted]],
    ['after it was labelled', [wanted, labelled]],
    ['after it failed', [wanted, answered('refused')]],
  ])('is cancelled at its courier %s', (_name, before) => {
    expect(after(...before, unwanted).parcel).toMatchObject({ state: 'CANCELLING', dueAtMs: NOW_MS });
    const { parcel, told } = after(...before, unwanted, answered('cancelled'));
    expect([parcel!.state, told!.change]).toEqual(['CANCELLED', 'label_cancelled']);
    expect(parcel).not.toHaveProperty('dueAtMs');
  });
  it('takes no label that was under way, and is cancelled however long that takes', () => {
    expect(after(wanted, unwanted, labelled).decided.kind).toBe('unchanged');
    const vain = Array.from({ length: 3 * MOST_ATTEMPTS }, () => answered('unavailable'));
    expect(after(wanted, unwanted, ...vain).parcel).toMatchObject({ state: 'CANCELLING', attempts: 24 });
  });
  it('says so where its courier has it already', () => {
    expect(after(wanted, labelled, unwanted, answered('too_late')).told).toMatchObject({ reason: 'too_late' });
  });
});

describe('a parcel on its way', () => {
  it('is told step by step, in the order in which it happened, each once', () => {
    const way = [wanted, labelled, moved('out_for_delivery', 5), moved('collected', 1)];
    const { parcel } = after(...way);
    expect(parcel!.steps.map(({ step }) => step)).toEqual(['collected', 'out_for_delivery']);
    expect(after(...way, moved('collected', 1)).decided.kind).toBe('unchanged');
    expect(after(...way, moved('delivered', 9)).parcel!.state).toBe('ENDED');
    expect(after(...way, moved('returned', 9)).told).toMatchObject({ change: 'returned' });
  });
  it('is not known where nobody asked for it', () => {
    expect(after(moved('collected')).decided).toEqual({ kind: 'refused', code: 'unknown_parcel' });
    expect(after(unwanted).decided.kind).toBe('unchanged');
  });
});

describe('a parcel whose customer is taken out of the order', () => {
  const erase: ParcelMessage = { ...named, type: 'erase' };
  const to = { region: 'east', city: 'Shanghai', address: '1 Main St', recipient: 'Li', phone: '1', note: 'bell 3' };
  const addressed: ParcelMessage = { ...wanted, destination: to };

  it('keeps region and city alone, and its number', () => {
    const { parcel, told } = after(addressed, labelled, moved('delivered'), erase);
    expect(parcel).toMatchObject({ state: 'ENDED', tracking: 'SIM1' });
    expect([parcel!.destination, told]).toEqual([{ region: 'east', city: 'Shanghai' }, undefined]);
  });
  it.each([
    ['was never had', []],
    ['failed', [answered('refused')]],
  ])('asks for no label any more that %s', (_, before) => {
    expect(after(addressed, ...before, erase).parcel).toMatchObject({ state: 'CANCELLING', dueAtMs: NOW_MS });
    expect(after(addressed, ...before, erase, retry).decided).toEqual({ kind: 'refused', code: 'out_of_state' });
  });
  it('kept him in the words of its courier, and took new ones in afterwards', () => {
    const words = { reason: 'left with Li’s neighbour' };
    const way = [moved('failed', 1, words), erase, moved('delivered', 9, words)];
    const { parcel, told } = after(addressed, labelled, ...way);
    expect(parcel!.steps.map(({ step }) => step)).toEqual(['failed', 'delivered']);
    expect(JSON.stringify([parcel, told])).not.toContain('Li');
    const waiting = after(addressed, labelled, unwanted, answered('unavailable', words), erase);
    expect(waiting.parcel).toMatchObject({ state: 'CANCELLING', isErased: true });
    expect(JSON.stringify(waiting.parcel)).not.toContain('Li');
    expect(after(addressed, erase, answered('unavailable', words)).parcel).not.toHaveProperty('reason');
  });
  it('is left alone where there is none', () => {
    expect(after(erase).decided.kind).toBe('unchanged');
  });
});

describe('what couriers tell', () => {
  it('moved the parcel of another courier', () => {
    const other: ParcelMessage = { ...(moved('delivered') as Moved), courier: 'other' };
    const { parcel, decided } = after(wanted, labelled, other);
    expect(decided).toEqual({ kind: 'refused', code: 'other_courier' });
    expect(parcel).toMatchObject({ state: 'LABELLED', steps: [] });
  });
  it('made a parcel larger with each scan, until it could not be written', () => {
    const scans = Array.from({ length: MOST_STEPS + 50 }, (_, i) => moved('out_for_delivery', i));
    const ends = Array.from({ length: 50 }, (_, i) => moved('delivered', 1000 + i));
    const { parcel } = after(wanted, labelled, ...scans, ...ends);
    expect(parcel!.steps).toHaveLength(MOST_STEPS + 1);
    expect(parcel!.state).toBe('ENDED');
  });
});
