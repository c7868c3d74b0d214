import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { asyncApi, jsonSchemas } from './asyncapi.js';
import { MESSAGES } from './messages.js';
import { StockFact } from './stock-delta.js';
import { StockLevel } from './stock-level.js';
import { TOPICS } from './topics.js';

const generated = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../generated/${name}`, import.meta.url), 'utf8'));
const plain = (value: object): unknown => JSON.parse(JSON.stringify(value));
const AjvClass = Ajv as unknown as typeof Ajv.default;
const compile = (schema: object): ValidateFunction => {
  const ajv = new AjvClass({ strict: false, meta: false, validateSchema: false });
  (addFormats as unknown as typeof addFormats.default)(ajv);
  return ajv.compile(schema);
};

const sale = {
  id: 'b1-p1-1',
  source: 'pos-330',
  type: 'sale',
  sku: '1095275',
  location: 'store-330',
  quantity: 1,
  occurredAt: '2017-01-01T11:53:26Z',
};

describe('the published data standard', () => {
  it('is what the definitions say (npm run generate after a change)', () => {
    expect(generated('asyncapi.json')).toEqual(plain(asyncApi()));
    for (const [name, schema] of jsonSchemas()) expect(generated(`schemas/${name}`)).toEqual(plain(schema));
  });

  it('is valid AsyncAPI 3', () => {
    const specs = createRequire(import.meta.url)('@asyncapi/specs') as { schemas: Record<string, object> };
    const validate = compile(specs.schemas['3.0.0']!);
    validate(plain(asyncApi()));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('describes every topic once, with at least one message', () => {
    const names = Object.values(TOPICS).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const messages of Object.values(MESSAGES)) expect(messages.length).toBeGreaterThan(0);
  });

  it('says the same in JSON Schema as in code', () => {
    const validate = compile(jsonSchemas().get('StockFact.schema.json')!);
    for (const [message, ok] of [
      [sale, true],
      [{ ...sale, quantity: 1.5 }, false],
      [{ ...sale, quantity: -1 }, false],
      [{ ...sale, type: 'gift' }, false],
      [{ ...sale, type: 'adjustment', quantity: -3 }, true],
      [{ ...sale, occurredAt: 'yesterday' }, false],
    ] as const) {
      expect(StockFact.safeParse(message).success).toBe(ok);
      expect(validate(message)).toBe(ok);
    }
  });
});

describe('schema evolution', () => {
  it('lets an old reader read a new event and keeps what it does not know', () => {
    const newer = { ...sale, loyaltyCard: { tier: 'gold' } };
    expect(StockFact.parse(newer)).toEqual(newer);
    const level = {
      sku: 's',
      location: 'l',
      onHand: 1,
      reserved: 0,
      damaged: 0,
      qualityControl: 0,
      incoming: 0,
      safetyStock: 0,
      available: 1,
      version: 5,
      asOf: '2026-01-01T00:00:00Z',
      countedAt: null,
      confidence: 1,
      unreferenced: false,
      heldForCustoms: 3,
    };
    expect(StockLevel.parse(level)).toEqual(level);
  });

  it('does not take an unknown type for a known one', () => {
    expect(StockFact.safeParse({ ...sale, type: 'teleport' }).success).toBe(false);
  });
});
