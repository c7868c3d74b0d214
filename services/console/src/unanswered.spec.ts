import { describe, expect, it } from '@jest/globals';
import { askWith } from './store-rest.js';
import { reasonIn, whyUnanswered } from './unanswered.js';

describe('why a request was not answered', () => {
  it('was told in the browser’s words, in English on a Chinese page, and without what to do', async () => {
    // Nobody listens there: what is thrown is what the real fetch throws.
    const answer = await askWith('a-token')('GET', 'http://127.0.0.1:1/api/orders/rounds');
    if (answer.kind !== 'uncertain') throw new Error(`answered ${answer.kind}`);
    expect(reasonIn('en', answer.reason)).toBe('The server was not reached. Check the network of this device.');
    expect(reasonIn('zh', answer.reason)).toBe('无法连接服务器，请检查本设备的网络。');
  });

  it('is the server’s own reason where it gave one', () => {
    expect(reasonIn('zh', 'That day is not a day.')).toBe('That day is not a day.');
  });

  it('is told as it is where it is no failure of the network', () => {
    expect(reasonIn('en', whyUnanswered(new Error('The token endpoint answered 500')))).toContain('answered 500');
  });
});
