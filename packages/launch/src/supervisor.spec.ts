import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findFreePorts } from '@shelfline/local-stack/free-port';
import { Supervisor } from './supervisor.js';

/** Ends once when it is asked to, as a killed service does. */
const PROGRAM = `
import { createServer } from 'node:http';
createServer((request, response) => {
  if (request.url === '/end') process.kill(process.pid, 'SIGKILL');
  response.end();
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

describe('a service that is killed', () => {
  let folder: string;
  let supervisor: Supervisor;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'shelfline-supervisor-'));
  });
  afterEach(async () => {
    await supervisor.stop();
    rmSync(folder, { recursive: true });
  });

  it('is started again, and the person hears when it ended and when it works again', async () => {
    const [port] = await findFreePorts(1);
    const program = join(folder, 'shop.mjs');
    writeFileSync(program, PROGRAM);
    const said: string[] = [];
    const isBack = new Promise<void>((resolve) => {
      supervisor = new Supervisor(folder, (line) => {
        said.push(line);
        if (line.includes('is back')) resolve();
      });
    });
    const url = `http://127.0.0.1:${port}`;
    supervisor.start({ name: 'shop', program, readyUrl: `${url}/health/ready`, env: { PORT: String(port) } });
    const answers = () =>
      fetch(url).then(
        () => true,
        () => false,
      );
    while (!(await answers()));
    await fetch(`${url}/end`).catch(() => {});
    await isBack;
    expect(said).toEqual([
      expect.stringMatching(/^shop was ended by SIGKILL; it is started again in 0.5 s/),
      expect.stringMatching(/^shop is back: it was ready [\d.]+ s after its new start$/),
    ]);
    expect(await answers()).toBe(true);
  });
});
