import { describe, expect, it } from '@jest/globals';
import { Secret } from './config.js';
import { createLogger, requestScope } from './logger.js';
import { NestLog } from './nest-log.js';

function captured(format: 'json' | 'pretty', level = 'debug') {
  const lines: string[] = [];
  const log = createLogger({ name: 'catalog', level, format, destination: { write: (line) => void lines.push(line) } });
  return { log, lines };
}

describe('createLogger', () => {
  it('writes JSON lines with the id of the request that is being answered', () => {
    const { log, lines } = captured('json');
    requestScope.run({ requestId: 'r-1' }, () => log.info({ rows: 3 }, 'imported'));
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ name: 'catalog', requestId: 'r-1', rows: 3, msg: 'imported' });
  });

  it('takes credentials out', () => {
    const { log, lines } = captured('json');
    log.info({ headers: { authorization: 'Bearer swordfish', cookie: 'swordfish' }, token: 'swordfish' }, 'a');
    log.info({ auth: { token: 'swordfish' }, uri: new Secret('swordfish') }, 'b');
    expect(lines.join('')).not.toContain('swordfish');
    expect(lines.join('')).toContain('[secret]');
  });

  it('writes short lines for people, with the stack of an error below', () => {
    const { log, lines } = captured('pretty', 'info');
    log.debug('left out');
    log.warn({ partition: 3, topic: 'inventory.deltas' }, 'late');
    log.error({ err: new Error('no answer') }, 'failed');
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN catalog: late partition=3 topic=inventory\.deltas\n$/);
    expect(lines[1]).toMatch(/ERROR catalog: failed\n {2}Error: no answer\n {6}at /);
  });
});

describe('NestLog', () => {
  it('passes on what Nest says, its chatter as debug', () => {
    const { log, lines } = captured('json');
    const nest = new NestLog(log);
    nest.log('Mapped {/x, GET} route', 'RouterExplorer');
    nest.error(new Error('no answer'), undefined, 'ExceptionsHandler');
    nest.warn('careful', 'Nest');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: 20, part: 'RouterExplorer', msg: 'Mapped {/x, GET} route' },
      { level: 50, part: 'ExceptionsHandler', msg: 'no answer', err: { message: 'no answer' } },
      { level: 40, part: 'Nest' },
    ]);
  });
});
