import { TOPICS } from '@shelfline/contracts/topics';
import type { TransferOutcome } from '@shelfline/contracts/transfer-view';
import type { Transfer, TransferLine } from '@shelfline/orders/domain/transfers/transfer';
import type { History } from './history.ts';
import type { Appended, Entry } from './ledger-records.ts';
import { heldAsBooked, sentOnWrongs } from './oracle-sent-on.ts';
import { PARTITIONS, SKUS } from './setting.ts';
import { everyRecordOnce, isLost, recordsOf } from './topic-records.ts';
import { type TransferDelta, transferDeltasIn } from './transfer-deltas.ts';

const FINAL_ORDERS = new Set(['COMPLETED', 'PARTIALLY_COMPLETED', 'CANCELLED', 'ENDED']);
const LIVE = new Set(['ACTIVE', 'COMMITTED']);

/** Transfers and the ledger side by side: nothing of the code under test is called. */
export function transferWrongs(history: History, intake: readonly Appended[], deltas: readonly Appended[]): string[] {
  if (!history.hands) return [];
  const { database, committed, repository } = history.orders.transfers;
  const wrongs: string[] = [];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const own = database.log.filter(({ move }) => move.partition === partition);
    wrongs.push(...everyRecordOnce(partition, own, intake, database, []).map((wrong) => `transfers ${wrong}`));
  }
  const known = new Map<string, Transfer>();
  for (const transfer of committed) {
    wrongs.push(...changeWrongs(transfer, known.get(transfer.transferId)));
    known.set(transfer.transferId, transfer);
  }
  const losses = history.losses.accepted.filter(({ topic }) => topic === TOPICS.deltas.name);
  const lost = deltas.filter((record) => isLost(losses, record)).map(({ text }) => text);
  const mayLack = losses.length > 0;
  const isUnheard = (id: string) => lost.some((text) => text.includes(`"${id}"`));
  const booked = new Booked(history, deltas);
  const bookedIn = heldAsBooked(history, deltas);
  for (const transfer of repository.transfers.values()) {
    wrongs.push(...restWrongs(history, transfer, isUnheard, bookedIn));
    for (const line of transfer.lines) wrongs.push(...lineWrongs(transfer, line, booked, mayLack));
  }
  wrongs.push(...booked.ofNobody(known));
  if (!mayLack) wrongs.push(...piecesWrongs(history, booked), ...sentOnWrongs(history, deltas));
  wrongs.push(...outlivingWrongs(history, isUnheard), ...unwantedWrongs(history), ...answerWrongs(history));
  return wrongs;
}

const inTransitOf = ({ shippedUnits, receivedUnits, missingUnits, turnedBackUnits }: TransferLine): number =>
  shippedUnits - receivedUnits - missingUnits - turnedBackUnits;

/** Each unit is counted once: it waits, is not to be had, or left; and what left is under way, came, is lost or turned round. */
function changeWrongs(transfer: Transfer, before: Transfer | undefined): string[] {
  const { transferId, decision, lines, version } = transfer;
  const wrongs: string[] = [];
  if (before && version <= before.version) wrongs.push(`goes back from version ${before.version} to ${version}`);
  for (const line of lines) {
    const { lineId, requestedUnits, unavailableUnits, shippedUnits, hold } = line;
    const counted = (hold?.units ?? 0) + unavailableUnits + shippedUnits;
    const isNone = counted === 0 && decision !== 'approved';
    if (counted !== requestedUnits && !isNone)
      wrongs.push(`line ${lineId}: ${requestedUnits} were asked for, ${counted} are accounted for`);
    if (inTransitOf(line) < 0) wrongs.push(`line ${lineId}: ${inTransitOf(line)} are under way`);
  }
  return wrongs.map((wrong) => `transfer ${transferId}: ${wrong}`);
}

type Booking = 'out' | 'stay' | 'in' | 'back' | 'over' | 'damage' | 'withdraw' | 'expect';

/** What the ledger has booked of transfers, by transfer and line. */
class Booked {
  private readonly units = new Map<string, number>();
  /** Changes on hand of all that no transfer brought or took, by SKU. */
  readonly elsewhere = new Map<string, number>();
  /** Of what came, so many were counted already and moved nothing, by SKU. */
  readonly absorbed = new Map<string, number>();
  /** Facts that say of no reason, though nobody could guess it. */
  readonly silent: string[] = [];

  constructor({ ledger }: History, deltas: readonly Appended[]) {
    const known = transferDeltasIn(deltas);
    for (const { entries } of ledger.database.log)
      for (const entry of entries as unknown as readonly Entry[]) {
        const delta = known.get(entry._id);
        const moved = (entry.effects ?? []).reduce((sum, { onHand = 0 }) => sum + onHand, 0);
        if (delta) this.book(entry, delta, moved);
        else add(this.elsewhere, entry.sku, moved);
      }
  }

  /** Booked units of one kind; each is asked for once. */
  take(kind: Booking, transferId: string, lineId: string): number {
    const name = `${kind} ${transferId}/${lineId}`;
    const units = this.units.get(name) ?? 0;
    this.units.delete(name);
    return units;
  }

  ofNobody(known: ReadonlyMap<string, Transfer>): string[] {
    const strays = [...this.units.keys()].filter((name) => !known.has(name.split(/[ /]/)[1]!));
    return [...strays.map((name) => `${name} is booked, and there is no such transfer`), ...this.silent];
  }

  private book(entry: Entry, delta: TransferDelta, moved: number): void {
    const { type, id, sku, quantity, reason, reservationId } = delta;
    if (type === 'fulfil') {
      const [, transferId, lineId] = /^fulfil\/transfer\/([^/]+)\/([^/]+)\//.exec(id) ?? [];
      if (entry.answer?.result === 'accepted') add(this.units, `out ${transferId}/${lineId}`, -moved);
    } else if (reservationId === undefined) {
      const [kind, transferId, lineId] = id.split('/') as [Booking, string, string];
      add(this.units, `${kind} ${transferId}/${lineId}`, quantity);
      if (['over', 'damage', 'withdraw', 'out'].includes(kind) && !reason)
        this.silent.push(`${entry._id} says of no reason`);
      if (['stay', 'in', 'back', 'over'].includes(kind)) add(this.absorbed, sku, quantity - moved);
      if (kind === 'out') add(this.absorbed, sku, -quantity - moved);
    }
  }
}
const add = (sums: Map<string, number>, name: string, units: number): void =>
  void sums.set(name, (sums.get(name) ?? 0) + units);

/** What a transfer says has moved is what the ledger booked, and what differs was booked with a reason. */
function lineWrongs(
  { transferId, discrepancies, orderId, returnId }: Transfer,
  line: TransferLine,
  booked: Booked,
  mayLack: boolean,
): string[] {
  const { lineId, shippedUnits, receivedUnits, damagedUnits, overUnits, missingUnits, turnedBackUnits } = line;
  const bookedAs = (kind: Booking) => booked.take(kind, transferId, lineId);
  const noted = (kind: 'damaged' | 'over' | 'short') =>
    discrepancies.reduce((sum, one) => sum + (one.kind === kind && one.lineId === lineId ? one.units : 0), 0);
  const expected = bookedAs('expect');
  const pairs: readonly (readonly [string, number, number])[] = [
    ['left', shippedUnits, bookedAs('out') - bookedAs('stay')],
    ['came', receivedUnits, bookedAs('in')],
    ['came beyond what left', overUnits, bookedAs('over')],
    ['came broken', damagedUnits, bookedAs('damage')],
    ['turned back', turnedBackUnits, bookedAs('back')],
    ['come no more', missingUnits + turnedBackUnits, bookedAs('withdraw')],
    // What comes for an order is expected by nobody else.
    ['were expected', orderId === undefined || returnId !== undefined ? shippedUnits : expected, expected],
  ];
  const wrongs = pairs
    .filter(([, told, stands]) => stands !== told && !mayLack)
    .map(([what, told, stands]) => `${told} ${what}, the ledger booked ${stands}`);
  if (noted('short') !== missingUnits || noted('damaged') !== damagedUnits || noted('over') !== overUnits)
    wrongs.push(`${JSON.stringify(discrepancies)} is not all that differs`);
  return wrongs.map((wrong) => `transfer ${transferId}, line ${lineId}: ${wrong}`);
}

/** Nothing waits for an answer any more, and what is held stands at the ledger. */
function restWrongs(
  { ledger, orders }: History,
  transfer: Transfer,
  isUnheard: (id: string) => boolean,
  bookedIn: ReadonlyMap<string, number>,
): string[] {
  const { transferId, state, lines, orderId } = transfer;
  const wrongs: string[] = [];
  if (state === 'RESERVING') wrongs.push('still waits for the ledger');
  for (const { hold, heldAs, sku, lineId } of lines) {
    if (!hold || isUnheard(hold.reservationId)) continue;
    const found = ledger.repository.reservations.get(`${hold.reservationId}|${sku}`)?.reservation;
    const units = (found?.allocations ?? []).reduce((sum, { quantity }) => sum + quantity, 0);
    // What comes back is held as far as it is free as it is booked in, of which its transfer hears when it leaves.
    const stands = bookedIn.get(hold.reservationId) ?? hold.units;
    if (hold.state === 'held' && (units !== stands || (units > 0 && !LIVE.has(found!.state))))
      wrongs.push(`line ${lineId} holds ${hold.units}, the ledger ${units}, which is ${found?.state}`);
    const order =
      orderId !== undefined && heldAs?.startsWith('order/') ? orders.repository.orders.get(orderId) : undefined;
    if (order && FINAL_ORDERS.has(order.state))
      wrongs.push(`line ${lineId} holds ${hold.reservationId}, and its order is ${order.state}`);
  }
  return wrongs.map((wrong) => `transfer ${transferId}: ${wrong}`);
}

/** Of all pieces: what stands somewhere and what is under way is what has come into the house and not left it. */
function piecesWrongs({ ledger, orders }: History, booked: Booked): string[] {
  return SKUS.flatMap((sku) => {
    const stands = [...ledger.repository.levels.values()].reduce(
      (sum, { sku: of, level }) => sum + (of === sku ? level.onHand : 0),
      0,
    );
    const lines = [...orders.transfers.repository.transfers.values()].flatMap((transfer) =>
      transfer.lines.filter((line) => line.sku === sku),
    );
    const underWay = lines.reduce((sum, line) => sum + inTransitOf(line), 0);
    const differing = lines.reduce((sum, { overUnits, missingUnits }) => sum + overUnits - missingUnits, 0);
    const moved = (booked.elsewhere.get(sku) ?? 0) + differing - (booked.absorbed.get(sku) ?? 0);
    return stands + underWay === moved
      ? []
      : [`${sku}: ${stands} stand somewhere and ${underWay} are under way, movements make ${moved}`];
  });
}

/** What its order gave up a transfer has heard of: it does not leave for it any more, or comes as anybody's. */
function unwantedWrongs({ orders: { committed, transfers } }: History): string[] {
  const unwanted = new Set<string>();
  for (const { orders } of committed)
    for (const { holds, transfers: asked = [] } of orders)
      for (const { transfer: number, state, lineId } of holds)
        if (number !== undefined && state === 'released')
          unwanted.add(`${asked.find((one) => one.number === number)!.transferId}/${lineId}`);
  return [...transfers.repository.transfers.values()].flatMap(({ transferId, lines }) =>
    lines
      .filter(({ lineId, isWithdrawn }) => unwanted.has(`${transferId}/${lineId}`) && !isWithdrawn)
      .map(({ lineId }) => `transfer ${transferId}: its order gave up line ${lineId}, and it has not heard`),
  );
}

function outlivingWrongs({ ledger, orders }: History, isUnheard: (id: string) => boolean): string[] {
  const held = new Set(
    [...orders.transfers.repository.transfers.values()].flatMap(({ lines }) =>
      lines.flatMap(({ hold }) => (hold ? [hold.reservationId] : [])),
    ),
  );
  return [...ledger.repository.reservations].flatMap(([key, { reservation }]) => {
    const id = key.slice(0, key.lastIndexOf('|'));
    const outlives = id.startsWith('transfer/') && LIVE.has(reservation.state) && !held.has(id) && !isUnheard(id);
    return outlives ? [`${id} outlives its transfer`] : [];
  });
}

/** However often it is asked, each message has one answer. */
function answerWrongs({ kafka, hands }: History): string[] {
  const answers = new Map<string, Set<string>>();
  for (const { text } of recordsOf(kafka, TOPICS.transferOutcomes)) {
    const { source, id } = JSON.parse(text) as TransferOutcome;
    const name = `${source}/${id}`;
    answers.set(name, (answers.get(name) ?? new Set()).add(text));
  }
  return [...hands!.asked.keys()].flatMap((name) => {
    const times = answers.get(name)?.size ?? 0;
    return times === 1 ? [] : [`transfers: ${name} has ${times} answers`];
  });
}
