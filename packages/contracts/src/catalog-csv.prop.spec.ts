import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Location, Product } from './catalog.js';
import { entityFromRow, exportColumns, rowFromEntity } from './catalog-csv.js';
import { guardFormula, unguardFormula } from './csv-cells.js';

const nasty = fc.constantFrom(
  '=1+1',
  "'=1+1",
  "''@x",
  '-5',
  '-2+3',
  '+86 139',
  "'",
  "'plain",
  '\tx',
  '"q",;\n',
  '门店',
);
const text = (max: number) => fc.oneof(nasty, fc.string({ minLength: 1, maxLength: max, unit: 'grapheme' }));
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const code = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,20}$/);
const present = (value: object) => Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined));
const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((n) => String(n).padStart(2, '0')).join(':'));

const product = fc
  .record({
    sku: fc.stringMatching(/^[!-{}~][ -{}~]{0,30}$/),
    name: text(30),
    nameZh: optional(text(20)),
    brand: optional(text(20)),
    gtin: optional(fc.constantFrom('4006381333931', '96385074')),
    unit: optional(text(8)),
    category: optional(text(20)),
    safetyStock: optional(fc.integer({ min: 0, max: 1_000_000 })),
    active: fc.boolean(),
    attributes: optional(
      fc.dictionary(
        text(10).filter((k) => k !== '__proto__'),
        text(20),
        { minKeys: 1, maxKeys: 4 },
      ),
    ),
  })
  .map((value) => Product.parse(present(value)));
const location = fc
  .record({
    code,
    type: fc.constantFrom('ecommerce_dc', 'regional_dc', 'factory_dc', 'store', 'agent'),
    name: text(30),
    city: text(20),
    region: code,
    latitude: fc.double({ min: -90, max: 90, noNaN: true }).map((n) => n + 0),
    longitude: fc.double({ min: -180, max: 180, noNaN: true }).map((n) => n + 0),
    staleAfterMinutes: optional(fc.integer({ min: 1, max: 525_600 })),
    openingHours: optional(
      fc.array(fc.record({ day: fc.integer({ min: 1, max: 7 }), opens: clock, closes: clock }), {
        minLength: 1,
        maxLength: 14,
      }),
    ),
    active: fc.boolean(),
  })
  .map((value) => Location.parse(present(value)));

const row = (columns: readonly string[], cells: readonly string[]) =>
  Object.fromEntries(columns.map((column, i) => [column, cells[i]]));

describe('a catalog entity by CSV', () => {
  it('a product comes back as it was, whatever its texts begin with', () => {
    fc.assert(
      fc.property(product, (entity) => {
        const columns = exportColumns('products', Object.keys(entity.attributes ?? {}));
        const read = entityFromRow('products', row(columns, rowFromEntity('products', entity, columns)));
        expect(read).toEqual({ ok: true, code: entity.sku, entity });
      }),
    );
  });

  it('a location comes back as it was, opening hours and negative coordinates included', () => {
    fc.assert(
      fc.property(location, (entity) => {
        const columns = exportColumns('locations', []);
        const read = entityFromRow('locations', row(columns, rowFromEntity('locations', entity, columns)));
        expect(read).toEqual({ ok: true, code: entity.code, entity });
      }),
    );
  });

  it('no exported text can be run as a formula, and guarding is undone exactly', () => {
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string()), (value) => {
        const cell = guardFormula(value);
        expect(/^[=+@\t\r]/.test(cell)).toBe(false);
        expect(/^-(?!\d+(\.\d+)?$)/.test(cell)).toBe(false);
        expect(unguardFormula(cell)).toBe(value);
      }),
    );
  });
});
