import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { exportJWK, generateKeyPair, generateSecret, importJWK, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { createDevKey, issueDevToken, type TokenClaims, TokenVerifier, writeDevKeyFiles } from './auth.js';
import { ProblemError } from './problem.js';

const meant = { issuer: 'shelfline-dev', audience: 'shelfline', ttlSeconds: 60 };
const settings = { AUTH_ISSUER: meant.issuer, AUTH_AUDIENCE: meant.audience };
const someone: TokenClaims = { sub: 'pos-7', role: 'integrator', region: 'south' };
const newFolder = () => mkdtempSync(join(tmpdir(), 'service-kit-'));

let key: JWK;
let files: Awaited<ReturnType<typeof writeDevKeyFiles>>;
let verifier: TokenVerifier;
beforeAll(async () => {
  files = await writeDevKeyFiles(newFolder());
  key = JSON.parse(readFileSync(files.privateKey, 'utf8')) as JWK;
  verifier = new TokenVerifier({ ...settings, AUTH_JWKS_FILE: files.publicKeys });
});
const refusal = async (token: string, by = verifier): Promise<ProblemError> => {
  const outcome = await by.verify(token).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(ProblemError);
  return outcome as ProblemError;
};
/** A token that is right but for what is given. */
const forged = async (header: object, claims: object = {}) =>
  new SignJWT({ role: 'ops', sub: 'x', iss: meant.issuer, aud: meant.audience, exp: 4_000_000_000, ...claims })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: key.kid, ...header })
    .sign(await importJWK(key, 'EdDSA'));

describe('TokenVerifier', () => {
  it('tells who asks and within which scope', async () => {
    expect(await verifier.verify(await issueDevToken(key, someone, meant))).toMatchObject(someone);
  });

  it('refuses what is expired, for another audience or from another issuer, and says which', async () => {
    const issue = (change: object) => issueDevToken(key, someone, { ...meant, ...change });
    expect((await refusal(await issue({ ttlSeconds: -60 }))).detail).toMatch(/expired/);
    expect((await refusal(await issue({ issuer: 'elsewhere' }))).detail).toMatch(/"iss"/);
    expect((await refusal(await issue({ audience: 'elsewhere' }))).detail).toMatch(/"aud"/);
  });

  it.each([
    ['no expiry', {}, { exp: undefined }, /"exp"/],
    ['no subject', {}, { sub: undefined }, /"sub"/],
    ['not valid yet', {}, { nbf: 4_000_000_000 }, /"nbf"/],
    ['another kind of token', { typ: 'at+jwt' }, {}, /"typ"/],
    ['an unknown role', {}, { role: 'root' }, /role/],
    ['no role', {}, { role: undefined }, /role/],
    ['an unknown key', { kid: 'another' }, {}, /signature/],
  ])('refuses %s', async (_, header, claims, reason) => {
    const { status, detail } = await refusal(await forged(header, claims));
    expect(status).toBe(401);
    expect(detail).toMatch(reason);
  });

  it('believes nothing a token says of its own key', async () => {
    const thief = await createDevKey();
    for (const header of [
      { jwk: thief.publicKey },
      { jku: 'https://thief.example/keys' },
      { x5u: 'https://thief.example' },
    ]) {
      const token = await new SignJWT({ role: 'ops', sub: 'x' })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: key.kid, ...header })
        .setIssuer(meant.issuer)
        .setAudience(meant.audience)
        .setExpirationTime('1h')
        .sign(await importJWK(thief.privateKey, 'EdDSA'));
      expect((await refusal(token)).detail).toMatch(/signature/);
    }
  });

  it('takes EdDSA and nothing else, least of all "none"', async () => {
    const claims = () =>
      new UnsecuredJWT({ role: 'ops', sub: 'x' }).setIssuer(meant.issuer).setAudience(meant.audience);
    expect((await refusal(claims().setExpirationTime('1h').encode())).status).toBe(401);
    const signed = (alg: string) =>
      new SignJWT({
        role: 'ops',
        sub: 'x',
        iss: meant.issuer,
        aud: meant.audience,
        exp: 4_000_000_000,
      }).setProtectedHeader({ alg, typ: 'JWT', kid: key.kid });
    const hmac = await signed('HS256').sign(await generateSecret('HS256'));
    // The old trick: the public key's text as the secret of a symmetric signature.
    const confused = await signed('HS256').sign(new TextEncoder().encode(key.x?.padEnd(64, '=')));
    const elliptic = await signed('ES256').sign((await generateKeyPair('ES256')).privateKey);
    for (const token of [hmac, confused, elliptic]) expect((await refusal(token)).detail).toMatch(/EdDSA/);
  });

  it.each([['x'], ['a.b.c'], ['..'], ['e30.e30.e30'], [`${'x'.repeat(100_000)}.y.z`], ['']])(
    'refuses %.20s as no token',
    async (token) => expect((await refusal(token)).status).toBe(401),
  );

  it('refuses a token changed in any one letter', async () => {
    const token = await issueDevToken(key, someone, meant);
    for (let at = 0; at < token.length; at += 7) {
      const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
      expect((await refusal(changed)).status).toBe(401);
    }
  });
});

describe('the key file', () => {
  afterEach(() => void jest.useRealTimers());

  it('is read anew when it changes', async () => {
    const [first, second] = [await createDevKey(), await createDevKey()];
    const file = join(newFolder(), 'jwks.json');
    const publish = (publicKey: JWK) => writeFileSync(file, JSON.stringify({ keys: [publicKey] }));
    publish(first.publicKey);
    const changing = new TokenVerifier({ ...settings, AUTH_JWKS_FILE: file });
    await changing.verify(await issueDevToken(first.privateKey, someone, meant));
    publish(second.publicKey);
    const token = await issueDevToken(second.privateKey, someone, { ...meant, ttlSeconds: 600 });
    jest.useFakeTimers({ now: Date.now() + 10_000, doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    await expect(changing.verify(token)).resolves.toMatchObject({ sub: 'pos-7' });
    expect((await refusal(await issueDevToken(first.privateKey, someone, meant), changing)).status).toBe(401);
  });

  it.each([
    ['is not there', undefined],
    ['is no JSON', '{"keys":'],
    ['holds no key', '{"keys":[]}'],
    ['holds a key of another kind', '{"keys":[{"kty":"RSA"}]}'],
  ])('that %s is named when the service starts', (_, content) => {
    const file = join(newFolder(), 'jwks.json');
    if (content !== undefined) writeFileSync(file, content);
    expect(() => new TokenVerifier({ ...settings, AUTH_JWKS_FILE: file })).toThrow(file);
  });

  it('must not hold private keys: every service reads it', async () => {
    const file = join(newFolder(), 'jwks.json');
    const pair = await generateKeyPair('EdDSA', { extractable: true });
    writeFileSync(file, JSON.stringify({ keys: [await exportJWK(pair.privateKey)] }));
    expect(() => new TokenVerifier({ ...settings, AUTH_JWKS_FILE: file })).toThrow(/public/);
  });

  it('or an address is needed', () => {
    expect(() => new TokenVerifier(settings)).toThrow(/AUTH_JWKS_URL.*AUTH_JWKS_FILE/);
  });
});

describe('keys from an address', () => {
  let server: Server | undefined;
  afterEach(() => void server?.close());
  const served = async (answer: RequestListener) => {
    server = createServer(answer);
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return new TokenVerifier({ ...settings, AUTH_JWKS_URL: `http://127.0.0.1:${port}/keys` });
  };

  it('are fetched', async () => {
    const remote = await served((_, response) => response.end(readFileSync(files.publicKeys)));
    await expect(remote.verify(await issueDevToken(key, someone, meant))).resolves.toMatchObject(someone);
  });

  it('that cannot be had are the issuer’s trouble, not the token’s: 503', async () => {
    const token = await issueDevToken(key, someone, meant);
    const failing = await served((_, response) => response.writeHead(500).end());
    expect((await refusal(token, failing)).status).toBe(503);
    server?.close();
    const empty = await served((_, response) => response.end('{}'));
    expect((await refusal(token, empty)).status).toBe(503);
    server?.close();
    expect(
      (await refusal(token, new TokenVerifier({ ...settings, AUTH_JWKS_URL: 'http://127.0.0.1:1/' }))).status,
    ).toBe(503);
  });
});

describe('writeDevKeyFiles', () => {
  it('keeps the private key to this user, and keeps the pair when started again', async () => {
    const folder = newFolder();
    const written = await writeDevKeyFiles(folder);
    expect(statSync(written.privateKey).mode & 0o777).toBe(0o600);
    expect(readFileSync(written.publicKeys, 'utf8')).not.toContain('"d"');
    const before = readFileSync(written.privateKey, 'utf8');
    expect(await writeDevKeyFiles(folder)).toEqual(written);
    expect(readFileSync(written.privateKey, 'utf8')).toBe(before);
  });
});
