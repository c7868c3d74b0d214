import type { RoomChange } from './rooms.js';
import type { Frame, Subscriber } from './subscriber.js';

/** Hands each change to the members of its room; each member gets all its changes in one message. Answers how many. */
export function fanOut<F extends Frame>(changes: readonly RoomChange<Subscriber<F>>[]): number {
  const due: Subscriber<F>[] = [];
  for (const change of changes) {
    for (const member of change.room.members) if (member.take(change)) due.push(member);
  }
  for (const member of due) member.flush();
  return due.length;
}
