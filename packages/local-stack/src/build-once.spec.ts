import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type BuildOnce, buildOnce, matchesManifest, tryLock } from './build-once.js';
import { identityOf } from './process-identity.js';
import type { StackProgress } from './progress.js';

describe('building once', () => {
  let folder: string;
  let target: string;
  let events: StackProgress['kind'][];
  let builds: number;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'build-once-'));
    target = join(folder, 'thing-1.0');
    events = [];
    builds = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const step = (over: Partial<BuildOnce> = {}): BuildOnce => ({
    target,
    label: 'building the thing',
    isValid: (at) => existsSync(join(at, 'whole')),
    build(into) {
      builds++;
      writeFileSync(join(into, 'whole'), 'yes');
      return Promise.resolve();
    },
    onProgress: (event) => events.push(event.kind),
    ...over,
  });

  it('builds the first time and never again', async () => {
    await buildOnce(step());
    await buildOnce(step());
    expect(builds).toBe(1);
    expect(readdirSync(folder)).toEqual(['thing-1.0']);
  });

  it('lets callers at the same time share one build', async () => {
    await Promise.all([buildOnce(step()), buildOnce(step()), buildOnce(step())]);
    expect(builds).toBe(1);
  });

  it('leaves nothing behind that looks whole when a build fails', async () => {
    const failing = step({
      build(into) {
        writeFileSync(join(into, 'half'), '');
        return Promise.reject(new Error('no network'));
      },
    });
    await expect(buildOnce(failing)).rejects.toThrow('no network');
    expect(readdirSync(folder)).toEqual([]);
    await buildOnce(step());
    expect(readFileSync(join(target, 'whole'), 'utf8')).toBe('yes');
  });

  it('replaces a result that is damaged', async () => {
    await buildOnce(step());
    rmSync(join(target, 'whole'));
    await buildOnce(step());
    expect(builds).toBe(2);
  });

  it('ignores the lock of a process that has died', async () => {
    writeFileSync(`${target}.lock`, JSON.stringify({ pid: process.pid, startTime: 'of an earlier process' }));
    await buildOnce(step());
    expect(builds).toBe(1);
    expect(existsSync(`${target}.lock`)).toBe(false);
  });

  it('waits for a living holder, says so, and can be interrupted', async () => {
    expect(tryLock(`${target}.lock`)).toBe(true);
    const interrupt = new AbortController();
    const onProgress: BuildOnce['onProgress'] = (event) => {
      events.push(event.kind);
      interrupt.abort(new Error('interrupted'));
    };
    await expect(buildOnce(step({ onProgress, signal: interrupt.signal }))).rejects.toThrow('interrupted');
    expect(events).toEqual(['waiting-for-lock']);
    expect(JSON.parse(readFileSync(`${target}.lock`, 'utf8'))).toEqual(identityOf(process.pid));
  });

  it('checks sizes against the manifest', () => {
    writeFileSync(join(folder, 'a.jar'), '12345');
    writeFileSync(join(folder, 'm.json'), JSON.stringify([{ name: 'a.jar', bytes: 5 }]));
    expect(matchesManifest(folder, 'm.json')).toBe(true);
    writeFileSync(join(folder, 'a.jar'), '123');
    expect(matchesManifest(folder, 'm.json')).toBe(false);
    expect(matchesManifest(folder, 'missing.json')).toBe(false);
  });
});
