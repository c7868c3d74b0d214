import { describe, expect, it } from '@jest/globals';
import { checkCatalogHeader, entityFromRow, exportColumns, rowFromEntity } from './catalog-csv.js';

describe('catalog CSV', () => {
  it('names missing and repeated columns and those it leaves out', () => {
    expect(checkCatalogHeader('products', ['sku', 'sku', 'colour', 'attributes.size'])).toEqual({
      missing: ['name'],
      repeated: ['sku'],
      ignored: ['colour'],
    });
  });

  it('reads opening hours', () => {
    const row = {
      code: 'store-1',
      type: 'store',
      name: 'One',
      city: 'Shanghai',
      region: 'east',
      latitude: '31.2',
      longitude: '121.5',
      openingHours: '1 09:00-21:00; 2 09:00-24:00',
    };
    const read = entityFromRow('locations', row);
    expect(read).toMatchObject({
      ok: true,
      code: 'store-1',
      entity: {
        timeZone: 'UTC',
        active: true,
        openingHours: [
          { day: 1, opens: '09:00', closes: '21:00' },
          { day: 2, opens: '09:00', closes: '24:00' },
        ],
      },
    });
  });

  it('names every wrong cell of a row once', () => {
    const row = { code: 'a b', type: 'shop', name: '', city: 'X', region: 'r', latitude: '31,2', longitude: '181' };
    const read = entityFromRow('locations', row);
    expect(read.ok ? [] : read.errors.map(({ field, detail }) => [field, detail])).toEqual([
      ['latitude', 'not a number; write digits with a decimal point and no separators'],
      ['code', 'may hold letters, digits and . _ : - only, starting with a letter or digit'],
      ['type', 'must be one of ecommerce_dc, regional_dc, factory_dc, store, agent'],
      ['name', 'is missing'],
      ['longitude', 'must be at most 180, not 181'],
    ]);
  });

  it('keeps the pools of a channel', () => {
    const entity = {
      code: 'web',
      name: 'Web',
      active: true,
      pools: [{ code: 'p', locationTypes: ['store'], bufferUnits: 1 }],
    };
    const columns = exportColumns('channels', []);
    const cells = rowFromEntity('channels', entity, columns);
    expect(entityFromRow('channels', Object.fromEntries(columns.map((c, i) => [c, cells[i]])))).toEqual({
      ok: true,
      code: 'web',
      entity,
    });
  });

  it('an attribute column cannot reach an object’s prototype', () => {
    const read = entityFromRow('products', {
      sku: 'A',
      name: 'A',
      'attributes.__proto__': 'x',
      'attributes.size': 'L',
    });
    expect(read).toMatchObject({ ok: true, entity: { attributes: { size: 'L' } } });
  });
});
