import { availabilityKey } from '@shelfline/contracts/identifiers';
import { sayIssues } from '@shelfline/contracts/issue-words';
import { ALL_REGIONS, DEFAULT_CHANNEL, VERSIONS_PER_GENERATION } from '@shelfline/contracts/stock-level';
import {
  type StockView,
  type SubscribeAnswer,
  SubscribeRequest,
  UnsubscribeRequest,
} from '@shelfline/contracts/storefront-protocol';
import { type Refused, refused } from '../sockets/refusal.js';
import type { Timer } from '../sockets/timer.js';
import type { Room, Rooms } from './rooms.js';
import type { StockBoard } from './stock-board.js';

/** What a token allows; undefined = anything. */
export interface Scope {
  readonly channel?: string | undefined;
  readonly region?: string | undefined;
}
export interface Watcher<Member> {
  readonly rooms: Set<Room<Member>>;
  forget(room: Room<Member>): void;
}
export interface SubscriptionsOptions<Member> {
  readonly rooms: Rooms<Member>;
  readonly board: StockBoard;
  readonly epoch: string;
  readonly timer: Timer;
  readonly maxPerSocket: number;
  /** How long an instance that holds less than the client has seen waits for its own table. */
  readonly lagWaitMs: number;
}

const UNKNOWN_STOCK = { available: 0, status: 'out', version: 0, asOf: '1970-01-01T00:00:00.000Z' } as const;

/**
 * Answers `subscribe` and `unsubscribe`. Joining and the snapshot happen in one step, without anything in between: a
 * change is either in the snapshot or comes after it as a message.
 */
export class Subscriptions<Member extends Watcher<Member>> {
  constructor(private readonly options: SubscriptionsOptions<Member>) {}

  /**
   * Rejects only on a defect. `answer` is called in the step that joins: were it called any later, a change could
   * overtake the snapshot it is newer than.
   */
  async subscribe(
    member: Member,
    scope: Scope,
    body: unknown,
    isOpen: () => boolean,
    answer: (answer: SubscribeAnswer | Refused) => void,
  ): Promise<void> {
    const parsed = SubscribeRequest.safeParse(body);
    if (!parsed.success) {
      answer(refused('invalid', `${sayIssues(parsed.error.issues, body, 'the message')}.`));
      return;
    }
    const { skus, since = {}, epoch, channel, region } = parsed.data;
    const place = {
      channel: channel ?? scope.channel ?? DEFAULT_CHANNEL,
      region: region ?? scope.region ?? ALL_REGIONS,
    };
    const outside = outsideScope(scope, place);
    if (outside) {
      answer(outside);
      return;
    }
    // A client of other data begins anew: what it has seen cannot be compared.
    const seen = new Map(epoch === undefined || epoch === this.options.epoch ? Object.entries(since) : []);
    const isCaughtUp = await this.caughtUp(skus, place, seen);
    if (isOpen()) answer(isCaughtUp ? this.join(member, skus, place, seen) : this.behind());
  }

  unsubscribe(member: Member, body: unknown): { ok: true } | Refused {
    const parsed = UnsubscribeRequest.safeParse(body);
    if (!parsed.success) return refused('invalid', `${sayIssues(parsed.error.issues, body, 'the message')}.`);
    const skus = new Set(parsed.data.skus);
    for (const room of member.rooms) if (skus.has(room.sku)) this.leave(member, room);
    return { ok: true };
  }

  leaveAll(member: Member): void {
    for (const room of member.rooms) this.leave(member, room);
  }

  private leave(member: Member, room: Room<Member>): void {
    member.forget(room);
    this.options.rooms.leave(member, room);
  }

  private join(
    member: Member,
    skus: readonly string[],
    { channel, region }: Place,
    seen: ReadonlyMap<string, number>,
  ): SubscribeAnswer | Refused {
    const { rooms, board, epoch, maxPerSocket } = this.options;
    const wanted = new Set(skus);
    let fresh = 0;
    for (const sku of wanted) {
      const room = rooms.find(availabilityKey(sku, channel, region));
      if (!room || !member.rooms.has(room)) fresh++;
    }
    if (member.rooms.size + fresh > maxPerSocket)
      return refused(
        'too-many-subscriptions',
        `A socket may watch ${maxPerSocket} SKUs; this one watches ${member.rooms.size} and asks for ${fresh} more. ` +
          'Unsubscribe what is no longer on the screen, or open another socket.',
      );
    const stock: StockView[] = [];
    for (const sku of wanted) {
      const room = rooms.join(member, sku, channel, region);
      member.rooms.add(room);
      const held = board.find(room.key);
      if (!held) stock.push({ sku, ...UNKNOWN_STOCK });
      else if (held.version !== seen.get(sku)) {
        const { available, status, version, asOf } = held;
        stock.push({ sku, available, status, version, asOf });
      }
    }
    return { ok: true, epoch, stock };
  }

  /** An answer older than what the client has seen would go back in time, so a lagging instance waits a little. */
  private caughtUp(skus: readonly string[], place: Place, seen: ReadonlyMap<string, number>): Promise<boolean> {
    const { board, timer, lagWaitMs } = this.options;
    const isBehind = (): boolean =>
      seen.size > 0 &&
      skus.some((sku) => {
        const seenVersion = seen.get(sku);
        if (seenVersion === undefined || seenVersion === 0) return false;
        const held = board.find(availabilityKey(sku, place.channel, place.region));
        return held === undefined || (held.version < seenVersion && sameGeneration(held.version, seenVersion));
      });
    if (!isBehind()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const end = (answer: boolean): void => {
        callOff();
        stopListening();
        resolve(answer);
      };
      const stopListening = board.onChange(() => {
        if (!isBehind()) end(true);
      });
      const callOff = timer.after(lagWaitMs, () => end(!isBehind()));
    });
  }

  private behind(): Refused {
    return refused(
      'behind',
      `This instance holds older stock than this client has seen, and did not catch up in ${this.options.lagWaitMs} ms. ` +
        'Ask again. If the epoch given here is not the one the client knows, the data was begun anew: forget it and ' +
        'ask without since.',
      { epoch: this.options.epoch },
    );
  }
}

interface Place {
  readonly channel: string;
  readonly region: string;
}

/** Versions of two generations are not of the same stream: the newer data stands, whatever its number. */
const sameGeneration = (a: number, b: number): boolean =>
  Math.floor(a / VERSIONS_PER_GENERATION) === Math.floor(b / VERSIONS_PER_GENERATION);

function outsideScope(scope: Scope, place: Place): Refused | undefined {
  for (const part of ['channel', 'region'] as const) {
    const allowed = scope[part];
    if (allowed !== undefined && allowed !== place[part])
      return refused(
        'forbidden',
        `The token allows ${part} "${allowed}", the request asks for "${place[part]}". Leave ${part} out, or use a ` +
          'token of that scope.',
      );
  }
  return undefined;
}
