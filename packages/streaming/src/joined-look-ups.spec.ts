import { describe, expect, it } from '@jest/globals';
import { JoinedLookUps } from './joined-look-ups.js';

/** Look-ups that end when they are told to. */
function lookUps() {
  const asked: (readonly string[])[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const joined = new JoinedLookUps<string>((ids) => {
    asked.push(ids);
    return new Promise((resolve, reject) => {
      ends.push((error) => (error ? reject(error) : resolve(new Map(ids.map((id) => [id, `the ${id}`])))));
    });
  });
  return { joined, asked, ends };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('look-ups by id', () => {
  it('of one turn are one', async () => {
    const { joined, asked, ends } = lookUps();
    const both = [joined.find(['a', 'b']), joined.find(['b', 'c'])];
    await turn();
    expect(asked[0]).toEqual(['a', 'b', 'c']);
    for (const end of ends) end();
    const [, second] = await Promise.all(both);
    expect(second!.get('c')).toBe('the c');
  });

  it('that are asked while some are under way never get what was read before', async () => {
    const { joined, asked, ends } = lookUps();
    const early = joined.find(['a']);
    await turn();
    const second = joined.find(['b']);
    await turn();
    const late = joined.find(['a', 'd']);
    await turn();
    expect(asked).toEqual([['a'], ['b']]);
    ends[0]!();
    await early;
    await turn();
    expect(asked).toEqual([['a'], ['b'], ['a', 'd']]);
    ends[1]!();
    ends[2]!();
    expect((await second).has('d')).toBe(false);
    expect((await late).get('d')).toBe('the d');
  });

  it('that fail are told to those who shared them, and the next ones go on', async () => {
    const { joined, ends } = lookUps();
    const failing = joined.find(['a']);
    await turn();
    ends[0]!(new Error('away'));
    await expect(failing).rejects.toThrow('away');
    const next = joined.find(['a']);
    await turn();
    ends[1]!();
    expect((await next).get('a')).toBe('the a');
  });
});
