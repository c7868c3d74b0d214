import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CanActivate, createParamDecorator, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  type JWTVerifyGetKey,
  jwtVerify,
  SignJWT,
} from 'jose';
import { z } from 'zod';
import { PUBLIC_KEY, ROLES, ROLES_KEY, type Role } from './auth-decorators.js';
import { ConfigError } from './config.js';
import { problem } from './problem.js';
import { VerifiedTokens } from './verified-tokens.js';

export const Principal = z.object({
  sub: z.string(),
  role: z.enum(ROLES),
  channel: z.string().optional(),
  region: z.string().optional(),
  store: z.string().optional(),
  member: z.string().optional(),
  /** Seconds since 1970, as JWT has it. */
  exp: z.number(),
  iat: z.number().optional(),
  jti: z.string().optional(),
});
/** Who asks, what for, and within which scope. */
export type Principal = z.infer<typeof Principal>;

export interface AuthSettings {
  readonly AUTH_JWKS_URL?: string;
  readonly AUTH_JWKS_FILE?: string;
  readonly AUTH_ISSUER: string;
  readonly AUTH_AUDIENCE: string;
}

/** The only one taken: what a token says of its algorithm or its keys' address is not believed. */
const ALGORITHM = 'EdDSA';
const FILE_RECHECK_MS = 5000;
const CLOCK_TOLERANCE_S = 5;

const unauthorised = (detail: string) =>
  problem(
    401,
    'unauthorised',
    'The token is not accepted',
    `${detail} Get a new token and send it as "Authorization: Bearer …".`,
  );

export class TokenVerifier {
  private readonly keys: JWTVerifyGetKey;
  private readonly verified = new VerifiedTokens<Principal>();

  constructor(private readonly settings: AuthSettings) {
    const { AUTH_JWKS_URL: url, AUTH_JWKS_FILE: file } = settings;
    if (url) this.keys = createRemoteJWKSet(new URL(url), { cooldownDuration: 30_000, timeoutDuration: 3000 });
    else if (file) this.keys = keysFromFile(file);
    else
      throw new ConfigError('Neither AUTH_JWKS_URL nor AUTH_JWKS_FILE is set, so no token could be checked. Set one.');
  }

  /** Rejects with a 401 problem that says what is wrong with the token. */
  async verify(token: string): Promise<Principal> {
    const nowMs = Date.now();
    const known = this.verified.find(token, nowMs);
    if (known) return known;
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        algorithms: [ALGORITHM],
        issuer: this.settings.AUTH_ISSUER,
        audience: this.settings.AUTH_AUDIENCE,
        typ: 'JWT',
        requiredClaims: ['exp', 'sub'],
        clockTolerance: CLOCK_TOLERANCE_S,
      });
      const principal = Principal.safeParse(payload);
      if (!principal.success) throw unauthorised('It names no role that is known here.');
      this.verified.keep(token, principal.data, nowMs);
      return principal.data;
    } catch (error) {
      throw explain(error);
    }
  }
}

function explain(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return unauthorised('It has expired.');
  if (error instanceof errors.JWTClaimValidationFailed)
    return unauthorised(`Its claim "${error.claim}" is missing or wrong.`);
  if (error instanceof errors.JOSEAlgNotAllowed)
    return unauthorised('Its algorithm is not allowed; tokens are signed with EdDSA.');
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed)
    return unauthorised('Its signature was not made by the issuer.');
  if (isKeyTrouble(error)) {
    const unavailable = problem(
      503,
      'unavailable',
      'The token cannot be checked now',
      'The issuer’s keys could not be read. Try again in a few seconds.',
    );
    unavailable.cause = error;
    return unavailable;
  }
  if (error instanceof errors.JOSEError) return unauthorised('It is no readable token.');
  return error;
}

/** The keys, not the token, are at fault: not fetched (jose's own code for that is its most general one), or no JWKS. */
const isKeyTrouble = (error: unknown): boolean =>
  error instanceof KeyFileError ||
  error instanceof errors.JWKSTimeout ||
  error instanceof errors.JWKSInvalid ||
  (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC') ||
  (error as Error).message === 'fetch failed';

class KeyFileError extends ConfigError {}

/** Read at once, then anew when the file changes, looked at every few seconds at most. */
function keysFromFile(file: string): JWTVerifyGetKey {
  let checkedMs = Date.now();
  let changedMs = changeOf(file);
  let keys = readKeys(file);
  return (header, token) => {
    if (Date.now() - checkedMs > FILE_RECHECK_MS) {
      checkedMs = Date.now();
      const latestMs = changeOf(file);
      if (latestMs !== changedMs) {
        keys = readKeys(file);
        changedMs = latestMs;
      }
    }
    return keys(header, token);
  };
}

const changeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const PublicKeys = z.object({
  // A private key in the file that every service reads would let each of them issue tokens.
  keys: z.array(z.looseObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), d: z.never().optional() })).min(1),
});

function readKeys(file: string): JWTVerifyGetKey {
  let reason: string;
  try {
    const keys = JSON.parse(readFileSync(file, 'utf8')) as unknown;
    if (PublicKeys.safeParse(keys).success) return createLocalJWKSet(keys as JSONWebKeySet);
    reason = 'it is no JSON Web Key Set of public Ed25519 keys';
  } catch (error) {
    reason = (error as Error).message;
  }
  throw new KeyFileError(
    `AUTH_JWKS_FILE=${file} is not usable: ${reason}. No token can be checked without it; give a file of the form {"keys": [{"kty": "OKP", "crv": "Ed25519", …}]}.`,
  );
}

interface RequestWithPrincipal {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  principal?: Principal;
}

/** Every route asks for a token unless it is `@Public()`; `@Roles` narrows who may. */
@Injectable()
export class JwtGuard implements CanActivate {
  constructor(
    @Inject(TokenVerifier) private readonly verifier: TokenVerifier,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC_KEY, targets)) return true;
    const request = context.switchToHttp().getRequest<RequestWithPrincipal>();
    const header = request.headers['authorization'];
    const token = typeof header === 'string' ? /^Bearer (\S+)$/i.exec(header)?.[1] : undefined;
    if (!token) throw problem(401, 'unauthorised', 'A token is needed', 'Send one as "Authorization: Bearer …".');
    const principal = await this.verifier.verify(token);
    const roles = this.reflector.getAllAndOverride<readonly Role[] | undefined>(ROLES_KEY, targets);
    if (roles && principal.role !== 'ops' && !roles.includes(principal.role))
      throw problem(
        403,
        'forbidden',
        'This token may not do that',
        `It is for the role "${principal.role}"; this needs ${[...new Set([...roles, 'ops'])].join(' or ')}.`,
      );
    request.principal = principal;
    return true;
  }
}

/** Parameter of a handler: who asks. Undefined on `@Public()` routes. */
export const CurrentPrincipal = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<RequestWithPrincipal>().principal,
);

export interface TokenClaims {
  readonly sub: string;
  readonly role: Role;
  readonly channel?: string;
  readonly region?: string;
  readonly store?: string;
  readonly member?: string;
}

/** Signs a token; for development and tests, where this program is its own issuer. */
export async function issueDevToken(
  privateKey: JWK,
  claims: TokenClaims,
  { issuer, audience, ttlSeconds }: { issuer: string; audience: string; ttlSeconds: number },
): Promise<string> {
  const { sub, ...rest } = claims;
  return new SignJWT({ ...rest })
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid: privateKey.kid })
    .setSubject(sub)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setJti(crypto.randomUUID())
    .setExpirationTime(`${ttlSeconds}s`)
    .sign(await importJWK(privateKey, ALGORITHM));
}

export async function createDevKey(): Promise<{ privateKey: JWK; publicKey: JWK }> {
  const pair = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true });
  const kid = crypto.randomUUID();
  const use = { kid, alg: ALGORITHM, use: 'sig' };
  return {
    privateKey: { ...(await exportJWK(pair.privateKey)), ...use },
    publicKey: { ...(await exportJWK(pair.publicKey)), ...use },
  };
}

/** Makes a key pair, or keeps the one that is there; only this user can read the private one. */
export async function writeDevKeyFiles(folder: string): Promise<{ privateKey: string; publicKeys: string }> {
  const files = { privateKey: join(folder, 'private.jwk'), publicKeys: join(folder, 'jwks.json') };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    readFileSync(files.privateKey);
    readFileSync(files.publicKeys);
    return files;
  } catch {
    const { privateKey, publicKey } = await createDevKey();
    writeFileSync(files.publicKeys, JSON.stringify({ keys: [publicKey] }));
    writeFileSync(files.privateKey, JSON.stringify(privateKey), { mode: 0o600 });
    return files;
  }
}
