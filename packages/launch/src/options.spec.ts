import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { OPTION_NAMES, parseOptions, refuseSwallowedOptions, SERVICE_NAMES } from './options.js';

const parse = (...args: string[]) => parseOptions(args, '/data');

describe('the options of npm start', () => {
  it('are the sample at 4000 times the tills’ speed, unless told otherwise', () => {
    expect(parse()).toEqual({
      fresh: false,
      replay: 'sample',
      speed: 4000,
      onlinePercent: 5,
      hasStaff: true,
      port: 8080,
      dataFolder: '/data',
      services: ['gateway', 'catalog', 'inventory', 'connect', 'orders'],
    });
    const tills = ['--replay', 'a.csv', '--online', '0', '--staff', 'none', '--services', 'catalog, gateway'];
    expect(parse('--speed', 'max', '--fresh', '--port=81', ...tills)).toEqual({
      fresh: true,
      replay: 'a.csv',
      speed: Number.POSITIVE_INFINITY,
      onlinePercent: 0,
      hasStaff: false,
      port: 81,
      dataFolder: '/data',
      services: ['catalog', 'gateway'],
    });
    expect(parse('-h')).toBe('help');
  });

  it.each([
    [['--speed', '-3'], '--speed -3', 'a number above 0'],
    [['--speed', '0'], '--speed 0', 'or max'],
    [['--speed', 'fast'], '--speed fast', 'a number above 0'],
    [['--speed', 'Infinity'], '--speed Infinity', 'or max'],
    [['--speed'], '--speed needs a value', 'a number above 0'],
    [['--online', '51'], '--online 51', 'from 0 (none) to 50'],
    [['--online', '2.5'], '--online 2.5', 'a whole number'],
    [['--staff', 'two'], '--staff two', 'demo, or none'],
    [['--port', '99999'], '--port 99999', 'from 1 to 65535'],
    [['--port', '80.5'], '--port 80.5', 'from 1 to 65535'],
    [['--port', '--fresh'], "'--fresh' is none", 'from 1 to 65535'],
    [['--services', 'x'], "no service 'x'", 'gateway,catalog,inventory,connect'],
    [['--services='], '--services needs a value', 'gateway'],
    [['--fresh=yes'], '--fresh=yes', 'takes no value'],
    [['--sped', '3'], '--sped: there is no such option', '--speed'],
    [['-x'], '-x: there is no such option', '--replay'],
    [['100'], '100: options begin with --', 'npm start -- --speed 100'],
  ])('that are mistaken are refused with what is allowed: %j', (args, what, allowed) => {
    expect(() => parse(...args)).toThrow(what);
    expect(() => parse(...args)).toThrow(allowed);
    expect(() => parse(...args)).toThrow('npm start -- --help');
  });

  it('stand on the page that --help prints, and so do the services', () => {
    const help = readFileSync(new URL('../help.txt', import.meta.url), 'utf8');
    expect(OPTION_NAMES.filter((name) => !help.includes(`\n  --${name} `))).toEqual([]);
    expect(help).toContain(`start only these: ${SERVICE_NAMES.join(', ')}\n`);
  });

  it('that npm kept for itself are given back with the line to write', () => {
    expect(() => refuseSwallowedOptions({ npm_config_speed: 'true', npm_config_fresh: 'true' }, ['100'])).toThrow(
      'npm start -- --speed 100 --fresh',
    );
    expect(() => refuseSwallowedOptions({ npm_config_port: '81' }, [])).toThrow('npm start -- --port 81');
    expect(() => refuseSwallowedOptions({ npm_config_cache: '/c' }, [])).not.toThrow();
  });
});
