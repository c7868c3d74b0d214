import { describe, expect, it } from '@jest/globals';
import { bodyLimitBytes, partFor } from './routing.js';

describe('the front door', () => {
  it.each([
    ['GET', '/api/catalog/products', 'catalog'],
    ['POST', '/api/catalog', 'catalog'],
    ['POST', '/api/inventory/deltas', 'connect'],
    ['POST', '/api/inventory/deltas/', 'connect'],
    ['GET', '/api/inventory/deltas/pos-1/e1', 'inventory'],
    ['GET', '/api/inventory/levels', 'inventory'],
    ['POST', '/api/inventory/reservations', 'inventory'],
    ['POST', '/api/connect/imports', 'connect'],
    ['GET', '/api/catalogue', undefined],
    ['GET', '/api/auth/elsewhere', undefined],
    ['GET', '/api', undefined],
    ['GET', '/api/../etc', undefined],
  ])('%s %s → %s', (method, path, part) => {
    expect(partFor(method, path)).toBe(part);
  });

  it('says how large a body may be, except of files', () => {
    expect(bodyLimitBytes('POST', '/api/inventory/deltas')).toBe(5 * 1024 * 1024);
    expect(bodyLimitBytes('POST', '/api/connect/imports')).toBeUndefined();
    expect(bodyLimitBytes('POST', '/api/catalog/products/import')).toBeUndefined();
    expect(bodyLimitBytes('PUT', '/api/catalog/products/A')).toBe(1024 * 1024);
  });
});
