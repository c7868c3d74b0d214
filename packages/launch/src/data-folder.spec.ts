import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { openDataFolder, removeServers, writeServers } from './data-folder.js';

describe('the data folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'data-folder-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is made, kept, and emptied when asked', () => {
    const path = openDataFolder(join(folder, 'new'), false);
    writeFileSync(join(path, 'kept'), '');
    openDataFolder(path, false);
    expect(existsSync(join(path, 'kept'))).toBe(true);
    openDataFolder(path, true);
    expect(existsSync(join(path, 'kept'))).toBe(false);
  });

  it('is never one that holds something else', () => {
    writeFileSync(join(folder, 'mine.txt'), 'mine');
    expect(() => openDataFolder(folder, true)).toThrow(/mine\.txt.*Choose an empty or a new folder/);
    expect(readFileSync(join(folder, 'mine.txt'), 'utf8')).toBe('mine');
  });

  it('says why it cannot be used, and what to do', () => {
    const file = join(folder, 'mine.txt');
    expect(() => openDataFolder(file, false)).toThrow(/is a file.*\nChoose another folder: npm start -- --data DIR/);
    expect(() => openDataFolder(join(file, 'below'), false)).toThrow(/is a file, or lies under one/);
  });

  it('hung for ever below a folder that takes no folders', () => {
    expect(() => openDataFolder('/proc/shelfline/data', false)).toThrow(/so Kafka and MongoDB have no place/);
  });

  it('tells the addresses of the servers as long as they run', () => {
    const servers = {
      kafkaBrokers: ['127.0.0.1:1', '127.0.0.1:2'],
      mongodbUri: 'mongodb://127.0.0.1:3/?w=majority&j=1',
    };
    const file = writeServers(folder, servers);
    expect(parseEnv(readFileSync(file, 'utf8'))).toEqual({
      KAFKA_BROKERS: '127.0.0.1:1,127.0.0.1:2',
      MONGODB_URI: 'mongodb://127.0.0.1:3/?w=majority&j=1',
    });
    removeServers(folder);
    expect(existsSync(file)).toBe(false);
  });
});
