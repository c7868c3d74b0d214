import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findStartTime, identityOf } from './process-identity.js';
import type { StackProgress } from './progress.js';
import { type RunningServer, recordServer, removeLeftovers } from './running-servers.js';

describe('servers left over from a killed run', () => {
  let folder: string;
  let child: ChildProcess;
  let events: StackProgress[];
  const onProgress = (event: StackProgress) => void events.push(event);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'running-'));
    events = [];
    child = spawn('sleep', ['60']);
    await new Promise((resolve) => child.once('spawn', resolve));
    recordServer(folder, { name: 'kafka-broker-1', purpose: 'test', dataFolder: '/data/test' }, child.pid as number);
  });
  afterEach(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  /** Rewrites the record as if its starter, or the server itself, were another process. */
  const change = (part: Partial<RunningServer>) => {
    const file = join(folder, readdirSync(folder)[0] as string);
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as RunningServer), ...part }));
  };
  const dead = { pid: process.pid, startTime: 'long ago' };

  it('are stopped when their starter is dead', async () => {
    change({ owner: dead });
    await removeLeftovers(folder, '/data/other', onProgress);
    expect(findStartTime(child.pid as number)).toBeUndefined();
    expect(events).toEqual([{ kind: 'removing-leftover', name: 'kafka-broker-1', pid: child.pid }]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are never confused with a process that got the same id later', async () => {
    change({ server: { pid: child.pid as number, startTime: 'long ago' }, owner: dead });
    await removeLeftovers(folder, '/data/test', onProgress);
    expect(findStartTime(child.pid as number)).toBeDefined();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are left alone while their starter lives, unless its data folder is wanted', async () => {
    await removeLeftovers(folder, '/data/other', onProgress);
    await expect(removeLeftovers(folder, '/data/test', onProgress)).rejects.toThrow(
      /already running.*\n.*another data/,
    );
    expect(identityOf(child.pid as number).startTime).not.toBe('gone');
  });
});
