import { DueList } from './due-list.js';
import type { RoomChange } from './rooms.js';
import type { Frame, Subscriber } from './subscriber.js';

const due = new DueList();

/** Hands each change to the members of its room; each member gets all its changes in one message. Answers how many. */
export function fanOut<F extends Frame>(changes: readonly RoomChange<Subscriber<F>>[]): number {
  const reached: Subscriber<F>[] = [];
  due.clear();
  for (let change = 0; change < changes.length; change++) {
    const { room } = changes[change]!;
    for (const member of room.members) if (member.take(room, change, due)) reached.push(member);
  }
  for (const member of reached) member.flush(changes, due);
  return reached.length;
}
