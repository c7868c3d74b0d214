import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const PARENT_GONE = join(import.meta.dirname, '../tools/parent-gone.mjs');
const SCRIPT = `
  import { whenParentIsGone } from ${JSON.stringify(PARENT_GONE)};
  const alive = setInterval(() => {}, 1000);
  whenParentIsGone(() => { console.log('gone'); clearInterval(alive); });
  console.log('watching');
`;

describe('a signal to the pid of npm start', () => {
  it('ends the shell alone, so what that had started sees that it is on its own, and ends', async () => {
    // More than one command, or a shell may become the process itself.
    const shell = spawn('sh', ['-c', '"$NODE" --input-type=module -e "$SCRIPT"; :'], {
      env: { ...process.env, NODE: process.execPath, SCRIPT },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    // The pipe closes when the last process that holds it has ended.
    for await (const text of shell.stdout) {
      said += String(text);
      if (said === 'watching\n') shell.kill('SIGTERM');
    }
    expect(said).toBe('watching\ngone\n');
  });
});
