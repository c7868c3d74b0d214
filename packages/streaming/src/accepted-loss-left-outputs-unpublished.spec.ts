import { expect, it } from '@jest/globals';
import { acceptedCheckpoint } from './accept-loss.js';

const checkpoint = { published: 40 };

// Seed 51 of the simulator: an owner that had committed and not published yet died, the head of the topic behind it was
// lost, and accepting the loss took what it had committed for published: an answer and a movement never left.
it('an accepted loss of what was not applied leaves what was applied and not published to the next owner', () => {
  const loss = { kind: 'gone', from: 50, to: 60 } as const;
  expect(acceptedCheckpoint(checkpoint, loss, 1)).toEqual({ next: 60, published: 40, generation: 1 });
});

it('a log that is another one is read from its beginning, with nothing of the old one left to publish', () => {
  const loss = { kind: 'replaced', appliedTo: 50, from: 3 } as const;
  expect(acceptedCheckpoint(checkpoint, loss, 1)).toEqual({ next: 3, published: 3, generation: 2, newestMs: -1 });
});
