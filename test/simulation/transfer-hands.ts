import { TOPICS } from '@shelfline/contracts/topics';
import { TransferMessage, type TransferRequestType } from '@shelfline/contracts/transfer';
import type { TransferEvent, TransferView } from '@shelfline/contracts/transfer-view';
import { SeededRandom } from '../seeded-random.ts';
import { AsksUntilAnswered, follow, hashOf, type Outside } from './asks-until-answered.ts';
import type { PlannedTransfer } from './plan-transfers.ts';
import { START_MS, TROUBLE_MS } from './setting.ts';

/** Long enough that an order is often cancelled before its goods have left. */
const LONGEST_STEP_MS = 2000;
const MOST_OVER = 2;
/** From then on all that is asked for leaves and comes, or what is lost again and again for an order has no rest. */
const CAREFUL_FROM_MS = START_MS + TROUBLE_MS + 10_000;

interface Step {
  readonly type: TransferRequestType;
  readonly place?: string;
  readonly more?: object;
}

/**
 * Head office, and whoever packs and unpacks: they look at a transfer when something has happened to it, and do one thing.
 * It may have changed by the time they say so.
 */
export class TransferHands {
  private readonly transfers: AsksUntilAnswered<TransferMessage>;
  private readonly begun = new Set<string>();
  private doing = 0;
  private readonly outside: Outside;
  private readonly find: (transferId: string) => TransferView | undefined;

  constructor(outside: Outside, find: (transferId: string) => TransferView | undefined) {
    this.outside = outside;
    this.find = find;
    this.transfers = new AsksUntilAnswered(outside, {
      intake: TOPICS.transferIntake,
      outcomes: TOPICS.transferOutcomes,
      keyOf: ({ transferId }) => transferId,
      again: 'place or office asks transfers again',
    });
  }

  /** Somebody is about to do something, or waits for an answer to it. */
  get isBusy(): boolean {
    return this.doing > 0;
  }
  get asked(): ReadonlyMap<string, TransferMessage> {
    return this.transfers.asked;
  }

  load(transfers: readonly PlannedTransfer[]): void {
    const { scheduler, kafka } = this.outside;
    follow(kafka, TOPICS.transferEvents, (value) => this.look((JSON.parse(value) as TransferEvent).transferId));
    for (const { atMs, message } of transfers) scheduler.at(START_MS + atMs, () => void this.transfers.ask(message));
  }

  private look(transferId: string): void {
    const transfer = this.find(transferId);
    if (!transfer) return;
    const name = `${transferId}/${transfer.version}`;
    if (this.begun.has(name)) return;
    this.begun.add(name);
    const { scheduler, seed } = this.outside;
    const random = new SeededRandom(seed ^ hashOf(name));
    const step = this.stepOf(transfer, random);
    if (!step) return;
    const { type, place, more = {} } = step;
    const message = TransferMessage.parse({
      type,
      id: `${type}-${name}`,
      source: place ?? 'office',
      transferId,
      ...(place === undefined ? {} : { place }),
      ...more,
    });
    this.doing++;
    scheduler.at(scheduler.now() + random.next() * LONGEST_STEP_MS, () => void this.does(message));
  }

  private get isCareful(): boolean {
    return this.outside.scheduler.now() >= CAREFUL_FROM_MS;
  }

  private async does(message: TransferMessage): Promise<void> {
    await this.transfers.ask(message);
    this.doing--;
  }

  private stepOf(transfer: TransferView, random: SeededRandom): Step | undefined {
    switch (transfer.state) {
      case 'REQUESTED':
        return random.weighted<Step>([
          [8, { type: 'approve' }],
          [1, { type: 'reject', more: { reason: 'not now' } }],
          [1, { type: 'cancel', place: transfer.to }],
        ]);
      case 'APPROVED':
        return this.beforeItLeaves(transfer, random);
      case 'IN_TRANSIT':
        return this.isCareful ? allComes(transfer) : whereItComes(transfer, random);
      case 'RESERVING':
      case 'CLOSED':
      case 'REJECTED':
      case 'CANCELLED':
        return undefined;
    }
  }

  private beforeItLeaves({ from, lines }: TransferView, random: SeededRandom): Step | undefined {
    const held = lines.filter(({ heldUnits }) => heldUnits > 0);
    if (held.length === 0) return undefined;
    if (this.isCareful) return { type: 'ship', place: from };
    const mood = random.next();
    if (mood < 0.06) {
      this.outside.struck('place does not answer a transfer');
      return undefined;
    }
    if (mood < 0.14) {
      this.outside.struck('place refuses a transfer');
      return { type: 'cancel', place: from };
    }
    if (mood < 0.7) return { type: 'ship', place: from };
    const some = held.map(({ lineId, heldUnits }) => ({ lineId, quantity: random.between(0, heldUnits) }));
    const isNothing = some.every(({ quantity }) => quantity === 0);
    return { type: 'ship', place: from, more: isNothing ? {} : { lines: some } };
  }
}

const allComes = ({ to, lines }: TransferView): Step => {
  const coming = lines.filter(({ inTransitUnits }) => inTransitUnits > 0);
  const counted = coming.map(({ lineId, inTransitUnits }) => ({ lineId, quantity: inTransitUnits }));
  return { type: 'receive', place: to, more: { lines: counted } };
};

/** What is counted there: as many as left, fewer, more, and some of them broken. What does not come is closed later. */
function whereItComes({ from, to, lines }: TransferView, random: SeededRandom): Step {
  const coming = lines.filter(({ inTransitUnits }) => inTransitUnits > 0);
  const mood = random.next();
  if (mood < 0.08) return { type: 'turn_back', place: from, more: { reason: 'nobody was there' } };
  if (mood < 0.22) return { type: 'close', place: to, more: random.chance(0.5) ? { reason: 'lost' } : {} };
  const counted = coming.map(({ lineId, inTransitUnits: units }) => {
    const quantity = random.weighted<() => number>([
      [6, () => units],
      [2, () => random.between(0, units)],
      [1, () => units + random.between(1, MOST_OVER)],
    ])();
    const damaged = random.chance(0.15) ? random.between(0, quantity) : 0;
    return { lineId, quantity, damaged };
  });
  if (counted.every(({ quantity }) => quantity === 0)) return { type: 'close', place: to };
  return { type: 'receive', place: to, more: { lines: counted } };
}
