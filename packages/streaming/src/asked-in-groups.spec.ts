import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AskedInGroups } from './asked-in-groups.js';

/** Asks that are answered, turns that end and patience that is lost when they are told to. */
function given() {
  const asked: string[] = [];
  const answers = new Map<string, (error?: Error) => void>();
  const turns: (() => void)[] = [];
  const patience = new Set<() => void>();
  const groups = new AskedInGroups({
    soon: (leave) => turns.push(leave),
    after: (_, leave) => {
      patience.add(leave);
      return () => patience.delete(leave);
    },
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    asked,
    ask: (name: string) =>
      groups.run(() => {
        asked.push(name);
        return new Promise<string>((resolve, reject) => {
          answers.set(name, (error) => (error ? reject(error) : resolve(`answer to ${name}`)));
        });
      }),
    turn: () => {
      for (const leave of turns.splice(0)) leave();
      return settled();
    },
    answer: (name: string, error?: Error) => {
      answers.get(name)!(error);
      return settled();
    },
    losePatience: () => {
      for (const leave of new Set(patience)) leave();
      return settled();
    },
    waitedFor: () => patience.size,
  };
}

describe('what is asked in groups', () => {
  it('leaves at once where nothing is under way, with whatever is asked in the same turn', async () => {
    const { ask, asked, turn, answer } = given();
    const one = ask('a');
    void ask('b');
    await turn();
    expect(asked).toEqual(['a', 'b']);
    await answer('a');
    expect(await one).toBe('answer to a');
  });

  it('waits for the last answer of the group under way, and leaves as one', async () => {
    const { ask, asked, turn, answer } = given();
    void ask('a');
    void ask('b');
    await turn();
    void ask('c');
    void ask('d');
    await turn();
    await answer('a');
    expect(asked).toEqual(['a', 'b']);
    await answer('b');
    expect(asked).toEqual(['a', 'b', 'c', 'd']);
  });

  it('leaves without an answer when patience is lost, and a late answer lets nobody else go early', async () => {
    const { ask, asked, turn, answer, losePatience } = given();
    void ask('a');
    await turn();
    void ask('b');
    await losePatience();
    expect(asked).toEqual(['a', 'b']);
    void ask('c');
    await answer('a');
    await turn();
    expect(asked).toEqual(['a', 'b']);
    await answer('b');
    expect(asked).toEqual(['a', 'b', 'c']);
  });

  it('is answered to whoever asked when the asking fails, and the next leave', async () => {
    const { ask, asked, turn, answer } = given();
    const failing = ask('a');
    await turn();
    void ask('b');
    const told = failing.catch((error: Error) => error.message);
    await answer('a', new Error('no answer'));
    expect(await told).toBe('no answer');
    expect(asked).toEqual(['a', 'b']);
  });

  it('waits for nothing once all is answered or patience is lost', async () => {
    const { ask, asked, turn, answer, losePatience, waitedFor } = given();
    void ask('a');
    await turn();
    await answer('a');
    expect(waitedFor()).toBe(0);
    void ask('b');
    await turn();
    await losePatience();
    void ask('c');
    await turn();
    expect(asked).toEqual(['a', 'b', 'c']);
  });

  it('is asked once and in order, whatever comes when', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(9), { maxLength: 60 }), async (steps) => {
        const { ask, asked, turn, answer, losePatience } = given();
        const answered: Promise<string>[] = [];
        const open: string[] = [];
        let heard = 0;
        const hear = async () => {
          open.push(...asked.slice(heard));
          heard = asked.length;
          const next = open.shift();
          if (next !== undefined) await answer(next);
        };
        for (const step of steps) {
          if (step < 5) answered.push(ask(`${answered.length}`));
          else if (step < 7) await turn();
          else if (step < 9) await hear();
          else await losePatience();
        }
        await turn();
        while (heard < answered.length || open.length > 0) await hear();
        expect(asked).toEqual(answered.map((_, i) => `${i}`));
        expect(await Promise.all(answered)).toEqual(asked.map((name) => `answer to ${name}`));
      }),
      { numRuns: 200 },
    );
  });
});
