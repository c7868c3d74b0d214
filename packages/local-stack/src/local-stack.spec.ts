import { describe, expect, it } from '@jest/globals';
import { cacheFolder, makeRoom } from './cache-folder.js';
import { cacheMegabytes, nativeArgs, nativeUri } from './mongodb-native.js';
import { findKnownCause, LocalStackError, refuseAll } from './problem.js';
import { formatProgress } from './progress.js';
import { readCargoLine } from './secantus-build.js';

describe('the cache folder', () => {
  it('is outside the checkout and can be moved', () => {
    expect(cacheFolder({ SHELFLINE_CACHE: '/big/disk', XDG_CACHE_HOME: '/x' })).toBe('/big/disk');
    expect(cacheFolder({ XDG_CACHE_HOME: '/x' })).toBe('/x/shelfline');
    expect(cacheFolder({})).toMatch(/\.cache\/shelfline$/);
  });

  it('refuses work that its disk has no room for, with a way out', () => {
    expect(() => makeRoom('/tmp', Number.MAX_SAFE_INTEGER, 'building')).toThrow(/MB free.*\n.*SHELFLINE_CACHE/);
  });
});

describe('native MongoDB servers', () => {
  it('always keep what they acknowledge', () => {
    expect(nativeArgs('secantus', 27017, '/data/secantus')).toContain('--sync-on-commit');
    expect(nativeUri('secantus', 27017)).toBe('mongodb://127.0.0.1:27017/?retryWrites=true&w=majority&journal=true');
  });

  it('take a quarter of the memory as cache, within bounds', () => {
    const gigabyte = 2 ** 30;
    expect([1, 4, 8, 64].map((gigabytes) => cacheMegabytes(gigabytes * gigabyte))).toEqual([512, 1024, 2048, 4096]);
  });

  it('listen on loopback only', () => {
    expect(nativeArgs('secantus', 1, '/d').join(' ')).toContain('--host 127.0.0.1');
    expect(nativeArgs('mongod', 1, '/d').join(' ')).toContain('--bind_ip 127.0.0.1');
  });

  it('are a replica set, named in the address of a real mongod', () => {
    expect(nativeUri('mongod', 27017)).toMatch(/&replicaSet=rs0$/);
  });
});

describe('progress and problems', () => {
  it('tells all that is missing at once', () => {
    const lacks = (what: string) => () => {
      throw new LocalStackError(`${what} was not found.`, `Install ${what}.`);
    };
    expect(() => refuseAll([() => undefined])).not.toThrow();
    expect(() => refuseAll([lacks('Java'), () => undefined])).toThrow(/^Java was not found\.\nInstall Java\.$/);
    expect(() => refuseAll([lacks('Java'), lacks('cargo')])).toThrow(
      /^2 things are missing\.\n1\. Java was not found\.\n {3}Install Java\.\n2\. cargo was not found\.\n {3}Install cargo\.$/,
    );
  });

  it('reads crates from what cargo prints', () => {
    expect(readCargoLine('   Compiling libc v0.2.190')).toBe('compiling');
    expect(readCargoLine('  Downloaded uuid v1.28.0')).toBe('downloaded');
    expect(readCargoLine('    Finished `release` profile')).toBeUndefined();
  });

  it('shows how far a build is', () => {
    const event = { kind: 'preparing', label: 'building it', done: 120, total: 210, unit: 'crates' } as const;
    expect(formatProgress({ ...event, elapsedMs: 125_000 })).toBe('building it… 120 of 210 crates (2:05)');
  });

  it.each([
    ['write error: No space left on device', 'disk-full'],
    ['Unknown host repo.maven.apache.org: Name or service not known', 'no-network'],
    ['error: failed to download from `https://index.crates.io`', 'no-network'],
    ['java.net.BindException: Address already in use', 'port-taken'],
    ['error[E0308]: mismatched types', undefined],
  ])('knows the cause of %s', (output, cause) => {
    expect(findKnownCause(output)).toBe(cause);
  });
});
