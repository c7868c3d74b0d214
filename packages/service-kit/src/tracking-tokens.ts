import { OrderId } from '@shelfline/contracts/order';
import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { secret } from './config.js';

const ALGORITHM = 'HS256';
/** Neither a login token nor anything else that is signed here passes for a tracking link. */
const TYPE = 'track+jwt';
const AUDIENCE = 'shelfline-tracking';
/** HS256 is as strong as its key: 32 bytes or more. */
const KEYS = /^\s*[\w.-]{1,40}:[\w+/=-]{43,200}\s*(?:,\s*[\w.-]{1,40}:[\w+/=-]{43,200}\s*)*$/;

export const trackingKeys = secret(
  z.string().regex(KEYS, { error: 'is not a list of name:secret, the secrets of at least 43 letters of base64' }),
)
  .optional()
  .describe(
    'Keys of tracking links, name:secret, comma between: the first one signs, all are taken. None are made unless set',
  );

export class RefusedTrackingToken extends Error {}

export interface TrackingLinkRead {
  readonly orderId: string;
  readonly expiresAtMs: number;
}

/** Whether it calls itself a link; nothing is checked. */
export function isTrackingToken(token: string): boolean {
  try {
    return decodeProtectedHeader(token).typ === TYPE;
  } catch {
    return false;
  }
}

/**
 * A link that shows one order to whoever holds it. A key that is taken off the list revokes every link it signed; put a
 * new one before it to let the old links run out.
 */
export class TrackingTokens {
  private readonly keys: readonly (readonly [name: string, key: Uint8Array])[];

  constructor(keys: string) {
    this.keys = keys.split(',').map((pair) => {
      const [name = '', text = ''] = pair.trim().split(':');
      return [name, new TextEncoder().encode(text)] as const;
    });
  }

  async issue(orderId: string, { nowMs, forMs }: { nowMs: number; forMs: number }): Promise<string> {
    const [name, key] = this.keys[0]!;
    return new SignJWT()
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: name })
      .setSubject(orderId)
      .setAudience(AUDIENCE)
      .setExpirationTime(Math.floor((nowMs + forMs) / 1000))
      .sign(key);
  }

  /** The order it is for. Throws a `RefusedTrackingToken` that tells people what is wrong. */
  async verify(token: string, nowMs: number): Promise<string> {
    return (await this.read(token, nowMs)).orderId;
  }

  /** As `verify`, with its end. */
  async read(token: string, nowMs: number): Promise<TrackingLinkRead> {
    try {
      const { payload } = await jwtVerify(token, ({ kid }) => this.getKey(kid), {
        algorithms: [ALGORITHM],
        typ: TYPE,
        audience: AUDIENCE,
        requiredClaims: ['exp', 'sub'],
        currentDate: new Date(nowMs),
      });
      return { orderId: OrderId.parse(payload.sub), expiresAtMs: payload.exp! * 1000 };
    } catch (error) {
      if (error instanceof errors.JWTExpired)
        throw new RefusedTrackingToken('The link has run out. Ask the shop for a new one.');
      throw new RefusedTrackingToken(
        'The link is not one of this shop, or was taken back. Ask the shop for a new one.',
      );
    }
  }

  private getKey(name: string | undefined): Uint8Array {
    const found = this.keys.find(([known]) => known === name);
    if (!found) throw new RefusedTrackingToken('signed with a key that is not known');
    return found[1];
  }
}
