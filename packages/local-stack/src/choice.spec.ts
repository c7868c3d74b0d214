import { describe, expect, it } from '@jest/globals';
import { chooseServers } from './choice.js';

const engine = () => Promise.resolve(true);
const noEngine = () => Promise.resolve(false);

describe('the choice of servers', () => {
  it('takes an address from the environment before anything else', async () => {
    const env = { KAFKA_BROKERS: 'a:9092, b:9093', MONGODB_URI: 'mongodb://m/?replicaSet=rs0' };
    const asked = () => Promise.reject(new Error('the engine must not be asked'));
    expect(await chooseServers(env, asked)).toEqual({
      kafka: { kind: 'environment', brokers: ['a:9092', 'b:9093'] },
      mongodb: { kind: 'environment', uri: 'mongodb://m/?replicaSet=rs0' },
    });
  });

  it('chooses for each server by itself', async () => {
    const choice = await chooseServers({ KAFKA_BROKERS: '[::1]:9092' }, engine);
    expect(choice).toEqual({ kafka: { kind: 'environment', brokers: ['[::1]:9092'] }, mongodb: { kind: 'docker' } });
  });

  it('uses native processes without a Docker engine', async () => {
    expect(await chooseServers({}, noEngine)).toEqual({ kafka: { kind: 'native' }, mongodb: { kind: 'native' } });
  });

  it('treats empty variables as absent', async () => {
    const choice = await chooseServers({ KAFKA_BROKERS: ' , ', MONGODB_URI: '' }, engine);
    expect(choice).toEqual({ kafka: { kind: 'docker' }, mongodb: { kind: 'docker' } });
  });

  it('leaves Docker alone when native processes are asked for', async () => {
    const choice = await chooseServers({ SHELFLINE_SERVERS: 'native' }, engine);
    expect(choice.kafka.kind).toBe('native');
  });

  it.each([
    [{ KAFKA_BROKERS: 'localhost' }, /no host:port/],
    [{ KAFKA_BROKERS: 'http://localhost:9092' }, /no host:port/],
    [{ MONGODB_URI: 'postgres://localhost' }, /MONGODB_URI does not begin/],
    [{ SHELFLINE_SERVERS: 'podman' }, /'docker' or 'native'/],
    [{ SHELFLINE_SERVERS: 'docker' }, /no Docker engine answers/],
  ])('says what is wrong with %j', async (env, message) => {
    await expect(chooseServers(env, noEngine)).rejects.toThrow(message);
  });

  it('never shows the address of MongoDB, which may hold a password', async () => {
    await expect(chooseServers({ MONGODB_URI: 'mongo://user:secret@host' }, noEngine)).rejects.not.toThrow(/secret/);
  });
});
