import type { RoomChange } from './rooms.js';
import type { Frame, Subscriber } from './subscriber.js';

/** Hands each change to the members of its room; each member gets all its changes in one message. */
export function fanOut<F extends Frame>(changes: readonly RoomChange<Subscriber<F>>[]): void {
  const due: Subscriber<F>[] = [];
  for (const { room, piece } of changes) {
    for (const member of room.members) if (member.take(room, piece)) due.push(member);
  }
  for (const member of due) member.flush();
}
