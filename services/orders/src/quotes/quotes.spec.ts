import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { QUOTE_TYPE } from '@shelfline/contracts/order-quote';
import { decideMessage } from '../domain/decide-message.js';
import { NOW_MS, placing } from '../testing/order-cases.js';
import { OrderScene } from '../testing/order-scene.js';
import { NO_KEYS, type QuoteVerifier, quoteVerifierOf, SignedQuotes } from './quote-verifier.js';

const pricing = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519');
const keys = { keys: [{ ...pricing.publicKey.export({ format: 'jwk' }), kid: 'k1' }] };
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const SAID = {
  exp: NOW_MS / 1000 + 60,
  channel: 'web',
  currency: 'CNY',
  lines: [{ sku: 'A', unitPriceMinor: 100, quantity: 2 }],
};
function signed(said: object = {}, { header = {}, key = pricing.privateKey } = {}): string {
  const text = `${part({ alg: 'EdDSA', typ: QUOTE_TYPE, kid: 'k1', ...header })}.${part({ ...SAID, ...said })}`;
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
}

/** Codes and fields of what is refused of an order of one piece of A. */
function faults(over: object, { trusted = false, quotes = new SignedQuotes(keys) as QuoteVerifier } = {}): string[] {
  const scene = new OrderScene({ A: { 'shop-1': 9 }, B: { 'shop-1': 9 } });
  const decided = decideMessage({ ...placing({ A: 1 }), ...over }, undefined, {
    ...scene.context(),
    findChannel: () => ({ active: true, trusted }),
    readQuote: (jws) => quotes.read(jws),
  });
  return decided.kind === 'refused' ? decided.refusals.map(({ code, field }) => `${code} ${field}`) : [];
}

describe('prices of an order', () => {
  it('are those of a quote that is signed, holds and says the same', () => {
    expect(faults({ quote: signed() })).toEqual([]);
    expect(faults({ quote: signed({ orderId: 'web-1' }) }, { trusted: true })).toEqual([]);
  });
  it('are taken as a trusted channel states them where there is no quote, or no key to check one', () => {
    expect(faults({}, { trusted: true })).toEqual([]);
    expect(faults({ quote: 'whatever' }, { trusted: true, quotes: NO_KEYS })).toEqual([]);
  });
  it('of an untrusted channel are refused without a quote, and without keys in any case', () => {
    expect(faults({})).toEqual(['quote_missing quote']);
    expect(faults({ quote: signed() }, { quotes: NO_KEYS })).toEqual(['untrusted_channel channel']);
  });

  it.each([
    ['ended', { exp: NOW_MS / 1000 }, 'quote_expired quote'],
    ['of another channel', { channel: 'app' }, 'quote_other_channel channel'],
    ['in another currency', { currency: 'EUR' }, 'quote_other_currency currency'],
    ['of another order', { orderId: 'web-9' }, 'quote_other_order orderId'],
    ['of another product', { lines: [{ sku: 'B', unitPriceMinor: 100 }] }, 'quote_other_sku lines[0].sku'],
    ['of another price', { lines: [{ sku: 'A', unitPriceMinor: 99 }] }, 'quote_other_price lines[0].unitPriceMinor'],
    ['without prices', { lines: [] }, 'quote_forged quote'],
  ])('are refused with a quote that is %s, whoever asks', (_, said, fault) => {
    expect(faults({ quote: signed(said) })).toEqual([fault]);
    expect(faults({ quote: signed(said) }, { trusted: true })).toEqual([fault]);
  });
  it('hold for no more pieces than quoted, however they are divided into lines', () => {
    const lines = ['1', '2', '3'].map((lineId) => ({ lineId, sku: 'A', quantity: 1, unitPriceMinor: 100 }));
    expect(faults({ lines, quote: signed() })).toEqual(['quote_other_quantity lines[2].quantity']);
  });

  const [head, , signature] = signed().split('.');
  it.each([
    ['signed by somebody else', signed({}, { key: stranger.privateKey })],
    ['signed by a key that is not set', signed({}, { header: { kid: 'k2' } })],
    ['changed after it was signed', `${head}.${part({ ...SAID, exp: SAID.exp + 1 })}.${signature}`],
    ['not signed', `${part({ alg: 'none', typ: QUOTE_TYPE, kid: 'k1' })}.${part(SAID)}.`],
    ['signed in another way', signed({}, { header: { alg: 'HS256' } })],
    ['a token for something else', signed({}, { header: { typ: 'JWT' } })],
    ['no JWS at all', 'nonsense'],
  ])('are refused with a quote that is %s', (_, quote) => {
    expect(faults({ quote })).toEqual(['quote_forged quote']);
  });
});

describe('keys that sign quotes', () => {
  it('must be public ones, and there', () => {
    const secret = { keys: [{ ...pricing.privateKey.export({ format: 'jwk' }), kid: 'k1' }] };
    expect(() => new SignedQuotes(secret)).toThrow(/never/);
    expect(() => quoteVerifierOf('/no/such/file.json')).toThrow(/ORDER_QUOTE_KEYS_FILE/);
    expect(quoteVerifierOf(undefined).read('x')).toEqual({ kind: 'no_keys' });
  });
});
