import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { QUOTE_TYPE, Quote } from '@shelfline/contracts/order-quote';
import { ConfigError } from '@shelfline/service-kit/config';
import { z } from 'zod';
import type { QuoteRead } from '../domain/quote-read.js';

/** The port: what a quote says, if whoever may sign quotes signed it. Never waits: it is asked within a decision. */
export interface QuoteVerifier {
  read(jws: string): QuoteRead;
}

export const NO_KEYS: QuoteVerifier = { read: () => ({ kind: 'no_keys' }) };

const KeySet = z.object({
  keys: z
    .array(
      z.looseObject({
        kid: z.string().min(1),
        kty: z.literal('OKP'),
        crv: z.literal('Ed25519'),
        d: z.never().optional(),
      }),
    )
    .min(1),
});
const Header = z.object({
  alg: z.literal('EdDSA'),
  typ: z.literal(QUOTE_TYPE),
  kid: z.string(),
  crit: z.never().optional(),
});
const COMPACT = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;

/** Keys of a file, read once at the start; several at a time, by `kid`, so that they can be changed. */
export class SignedQuotes implements QuoteVerifier {
  private readonly keys: ReadonlyMap<string, KeyObject>;

  constructor(keySet: unknown) {
    this.keys = new Map(
      KeySet.parse(keySet).keys.map((jwk) => [jwk.kid, createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })]),
    );
  }

  read(jws: string): QuoteRead {
    const [, head = '', body = '', signature = ''] = COMPACT.exec(jws) ?? [];
    const header = Header.safeParse(jsonOf(head));
    if (!header.success) return { kind: 'forged', why: 'it is no quote signed with EdDSA' };
    const key = this.keys.get(header.data.kid);
    // What the header says of keys is not believed: those that are set here are the only ones.
    if (!key) return { kind: 'forged', why: 'its key is not one of those that sign quotes' };
    if (!verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url')))
      return { kind: 'forged', why: 'its signature does not fit what it says' };
    const quote = Quote.safeParse(jsonOf(body));
    return quote.success ? { kind: 'signed', quote: quote.data } : { kind: 'forged', why: 'it says no prices' };
  }
}

function jsonOf(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** Without a file a trusted channel's word is taken, and no other's. */
export function quoteVerifierOf(file: string | undefined): QuoteVerifier {
  if (file === undefined) return NO_KEYS;
  try {
    return new SignedQuotes(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new ConfigError(
      `ORDER_QUOTE_KEYS_FILE=${file} is not usable: ${(error as Error).message}. No quote can be checked without it; give a file of the form {"keys": [{"kid": "…", "kty": "OKP", "crv": "Ed25519", "x": "…"}]}, public keys alone.`,
    );
  }
}
