import { describe, expect, it } from '@jest/globals';
import { BEGINNINGS, bodyLimitBytes, partFor } from './routing.js';

describe('the front door', () => {
  it.each([
    ['/api/catalog/products', 'catalog'],
    ['/api/catalog', 'catalog'],
    ['/api/inventory/deltas', 'connect'],
    ['/api/inventory/deltas/', 'connect'],
    ['/api/inventory/deltas/pos-1/e1', 'inventory'],
    ['/api/inventory/levels', 'inventory'],
    ['/api/inventory/reservations', 'inventory'],
    ['/api/connect/imports', 'connect'],
    ['/api/catalogue', undefined],
    ['/api/auth/elsewhere', undefined],
    ['/api', undefined],
    ['/api/../etc', undefined],
  ])('%s → %s', (path, part) => {
    expect(partFor(path)).toBe(part);
  });

  it('did not name transfers to whoever had lost his way', () => {
    expect(BEGINNINGS).toContain('/api/transfers');
    // Those two are answered here.
    const passedOn = BEGINNINGS.filter((path) => path !== '/api/auth' && path !== '/api/store-boards');
    for (const path of passedOn) expect(partFor(`${path}/x`)).toBeDefined();
  });

  it('says how large a body may be, except of files', () => {
    expect(bodyLimitBytes('POST', '/api/inventory/deltas')).toBe(5 * 1024 * 1024);
    expect(bodyLimitBytes('POST', '/api/connect/imports')).toBeUndefined();
    expect(bodyLimitBytes('POST', '/api/catalog/products/import')).toBeUndefined();
    expect(bodyLimitBytes('PUT', '/api/catalog/products/A')).toBe(1024 * 1024);
  });
});
