import type { ProblemDetails } from '@shelfline/service-kit/problem';
import type { Socket } from 'socket.io';
import { problemOf, type RefusalKind } from './refusal.js';

/** What a token said, once its signature, issuer, audience and time were checked. */
export interface Bearer {
  readonly roles: readonly string[];
  readonly channel?: string | undefined;
  readonly region?: string | undefined;
  readonly store?: string | undefined;
  /** Of a shopper who signed in. */
  readonly member?: string | undefined;
  /** Of a customer, who has no account here: he follows this order, and sees nothing else. */
  readonly order?: string | undefined;
  readonly expiresAtMs: number;
}
/** Rejects with a reason for people. */
export type Verify = (token: string) => Promise<Bearer>;

/** Why a socket is not let in: socket.io hands `data` to the client's `connect_error`. */
export class RefusedConnection extends Error {
  readonly data: ProblemDetails;

  constructor(
    readonly kind: RefusalKind,
    detail: string,
  ) {
    super(detail);
    this.data = problemOf(kind, detail, { code: kind });
  }
}

/** Who the handshake's token speaks for; throws a `RefusedConnection`. */
export async function admit(socket: Socket, verify: Verify, roles: ReadonlySet<string>): Promise<Bearer> {
  const { token } = socket.handshake.auth as { token?: unknown };
  const names = [...roles].join(', ');
  if (typeof token !== 'string' || token === '')
    throw new RefusedConnection(
      'unauthenticated',
      `Connect with auth: { token }, a token of one of the roles ${names}.`,
    );
  let bearer: Bearer;
  try {
    bearer = await verify(token);
  } catch (error) {
    throw new RefusedConnection('unauthenticated', (error as Error).message);
  }
  if (!bearer.roles.some((role) => roles.has(role)))
    throw new RefusedConnection('forbidden', `The token must carry one of the roles ${names}.`);
  return bearer;
}
