import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const checkout = join(import.meta.dirname, '..');

describe('npm start -- --help', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'shelfline-help-'));
    cpSync(join(checkout, 'tools'), join(folder, 'tools'), { recursive: true });
    mkdirSync(join(folder, 'packages/launch'), { recursive: true });
    cpSync(join(checkout, 'packages/launch/help.txt'), join(folder, 'packages/launch/help.txt'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['--help', '-h'])('installed and built everything first: %s needs neither', (flag) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/start.mjs', '--port', '81', flag], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Starts Shelfline on this machine/);
    expect(stdout).toContain('--replay none|sample|FILE');
  });
});
