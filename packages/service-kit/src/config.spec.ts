import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, commonConfig, describeConfig, loadConfig, Secret, secret } from './config.js';

const enough = {
  KAFKA_BROKERS: 'one:9092, two:9092',
  MONGODB_URI: 'mongodb://user:swordfish@db/?w=majority',
  MONGODB_DATABASE: 'catalog',
};
const load = (env: NodeJS.ProcessEnv) => loadConfig(z.object(commonConfig), env);
const complaint = (env: NodeJS.ProcessEnv): string => {
  try {
    load(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error('the configuration was taken');
};

describe('loadConfig', () => {
  it('reads what is set, fills in what is not, and takes no change afterwards', () => {
    const config = load({ ...enough, TOPIC_PARTITIONS: '24', LOG_LEVEL: '' });
    expect(config).toMatchObject({
      KAFKA_BROKERS: ['one:9092', 'two:9092'],
      TOPIC_PARTITIONS: 24,
      TOPIC_PREFIX: '',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      SHUTDOWN_TIMEOUT_MS: 20_000,
    });
    expect(() => Object.assign(config, { HOST: 'elsewhere' })).toThrow(TypeError);
  });

  it('names every mistake at once, with what is expected, and prints no value', () => {
    const message = complaint({ MONGODB_URI: 'http://user:swordfish@db', PORT: 'eighty', KAFKA_BROKERS: 'one,two' });
    for (const name of ['MONGODB_URI', 'PORT', 'KAFKA_BROKERS', 'MONGODB_DATABASE']) expect(message).toContain(name);
    expect(message).toContain('MONGODB_DATABASE: is not set (Database of this service');
    expect(message).toContain('host:port');
    expect(message).not.toMatch(/swordfish|eighty/);
  });

  it.each([['12.5'], ['-1'], ['65536'], ['0x'], ['8080 or so']])('refuses port %s', (PORT) => {
    expect(complaint({ ...enough, PORT })).toContain('PORT');
  });
});

describe('a secret', () => {
  it('shows itself to who asks for it, and nowhere else', () => {
    const value = load(enough).MONGODB_URI;
    expect(value).toBeInstanceOf(Secret);
    expect(value.reveal()).toContain('swordfish');
    for (const shown of [value.toString(), JSON.stringify({ value }), inspect({ value }), inspect([value])])
      expect(shown).toContain('[secret]');
    expect(inspect(value, { showHidden: true, depth: 9 })).not.toContain('swordfish');
  });
});

describe('describeConfig', () => {
  it('has a description of every variable, its default, and whether it is secret', () => {
    const table = describeConfig(z.object({ ...commonConfig, KEY: secret(z.string()).optional().describe('A key') }));
    for (const { name, description } of table) expect([name, description]).not.toEqual([name, '']);
    const row = (name: string) => table.find((variable) => variable.name === name);
    expect(row('MONGODB_URI')).toMatchObject({ required: true, secret: true, default: undefined });
    expect(row('KEY')).toMatchObject({ required: false, secret: true });
    expect(row('TOPIC_PARTITIONS')).toMatchObject({ required: false, secret: false, default: '12' });
    expect(row('INSTANCE_ID')?.default).toBe('host-pid');
  });
});
