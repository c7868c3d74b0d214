import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@shelfline/service-kit/auth';
import { withinScope } from './store-scope.js';

const principal = (over: Partial<Principal> = {}): Principal => ({
  sub: 's',
  role: 'store',
  store: 'MINE',
  exp: 0,
  ...over,
});
const fields = (who: Principal, sold: Partial<Parameters<typeof withinScope>[1]>) =>
  withinScope(who, { channel: 'pos', method: 'courier', ...sold }).map(({ field, code }) => `${field} ${code}`);

describe('what a store’s token may sell', () => {
  it.each([
    ['what it sold and another place sends', { soldAt: 'MINE' }],
    ['what it sold and another store hands over', { soldAt: 'MINE', method: 'pickup', store: 'OTHER' }],
    ['what is collected at its counter', { method: 'pickup', store: 'MINE' }],
    ['what is carried out of it', { method: 'carry_out', store: 'MINE', soldAt: 'MINE' }],
  ] as const)('%s', (_, sold) => expect(fields(principal(), sold)).toEqual([]));

  it.each([
    ['what nobody says it sold', {}, ['soldAt other_store']],
    ['what another store sold', { soldAt: 'OTHER', method: 'pickup', store: 'MINE' }, ['soldAt other_store']],
    ['what is collected elsewhere', { method: 'pickup', store: 'OTHER' }, ['soldAt other_store']],
    ['what is carried out elsewhere', { soldAt: 'MINE', method: 'carry_out', store: 'OTHER' }, ['store other_store']],
  ] as const)('never %s', (_, sold, faults) => expect(fields(principal(), sold)).toEqual(faults));

  it('goes through the channel of the token alone, where it has one', () => {
    const sold = { soldAt: 'MINE', channel: 'web' };
    expect(fields(principal({ channel: 'pos' }), sold)).toEqual(['channel other_channel']);
    expect(fields(principal(), sold)).toEqual([]);
  });
  it('is nothing where it names no store', () => {
    const { store: _, ...none } = principal();
    expect(fields(none, { soldAt: 'MINE' })).toEqual(['soldAt other_store']);
  });
  it('is no affair of systems', () => {
    expect(fields(principal({ role: 'integrator' }), { soldAt: 'OTHER' })).toEqual([]);
  });
});
