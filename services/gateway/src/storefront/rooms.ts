import { availabilityKey } from '@shelfline/contracts/identifiers';

/** One SKU's state, encoded once for everybody who watches it. */
export interface Piece {
  readonly json: string;
  readonly version: number;
  /** Append time of the delta behind it, ms UTC; 0 when unknown. */
  readonly producedAtMs: number;
}

/** Everybody who watches one SKU in one channel and region. */
export class Room<Member> {
  readonly members = new Set<Member>();
  /** The newest state since somebody watches; what a member that fell behind is sent. */
  newest: Piece | undefined;
  /** A change was sent within the tick: the next ones wait. */
  held = false;
  /** What leaves when the tick is over. */
  waiting: Piece | undefined;

  constructor(
    readonly key: string,
    readonly sku: string,
  ) {}
}

export interface RoomChange<Member> {
  readonly room: Room<Member>;
  readonly piece: Piece;
}

/** Who watches what. A room exists while it has members. */
export class Rooms<Member> {
  private readonly byKey = new Map<string, Room<Member>>();
  private memberships = 0;

  find(key: string): Room<Member> | undefined {
    return this.byKey.get(key);
  }

  join(member: Member, sku: string, channel: string, region: string): Room<Member> {
    const key = availabilityKey(sku, channel, region);
    let room = this.byKey.get(key);
    if (!room) {
      room = new Room(key, sku);
      this.byKey.set(key, room);
    }
    if (!room.members.has(member)) {
      room.members.add(member);
      this.memberships++;
    }
    return room;
  }

  leave(member: Member, room: Room<Member>): void {
    if (!room.members.delete(member)) return;
    this.memberships--;
    if (room.members.size === 0 && this.byKey.get(room.key) === room) this.byKey.delete(room.key);
  }

  get size(): number {
    return this.byKey.size;
  }
  get subscriptions(): number {
    return this.memberships;
  }
}
