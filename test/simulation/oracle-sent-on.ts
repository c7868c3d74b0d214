import type { DisposeReturn } from '@shelfline/contracts/return';
import type { Transfer, TransferLine } from '@shelfline/orders/domain/transfers/transfer';
import type { History } from './history.ts';
import type { Appended, Entry } from './ledger-records.ts';
import { type TransferDelta, transferDeltasIn } from './transfer-deltas.ts';

/** Of a line that came back, what a place sends on, as it said itself. */
interface SentOn {
  readonly from: string;
  readonly to: string;
  readonly units: number;
}
type BookedIn = Pick<TransferDelta, 'id' | 'sku' | 'quantity' | 'heldFor'>;

const sum = (units: readonly number[]) => units.reduce((total, each) => total + each, 0);
const nameOf = ({ orderId, returnId }: Transfer, lineId: string) => `${orderId}/${returnId}/${lineId}`;

/**
 * A piece that came back and is sent on is counted once, commit by commit of the ledger: where it was brought, on its way,
 * or where it has come. One transfer brings it, and nobody can buy it before.
 */
export function sentOnWrongs(history: History, deltas: readonly Appended[]): string[] {
  const sentOn = sentOnIn(history);
  /** By `TRANSFER/LINE`. */
  const lines = new Map<string, string>();
  const brought = new Map<string, TransferLine>();
  const wrongs: string[] = [];
  for (const transfer of history.orders.transfers.repository.transfers.values()) {
    if (transfer.returnId === undefined) continue;
    const { transferId, from, to } = transfer;
    for (const line of transfer.lines) {
      const name = nameOf(transfer, line.lineId);
      const asked = sentOn.get(name);
      if (asked?.from !== from || asked.to !== to || asked.units !== line.requestedUnits || brought.has(name))
        wrongs.push(
          `${transferId} brings ${line.requestedUnits} of ${name} to ${to}, sent on: ${JSON.stringify(asked)}`,
        );
      brought.set(name, line);
      lines.set(`${transferId}/${line.lineId}`, name);
    }
  }
  for (const [name, asked] of sentOn)
    if (!brought.has(name)) wrongs.push(`${name}: no transfer brings on ${JSON.stringify(asked)}`);

  const booked = bookedInOf(deltas);
  const moved = transferDeltasIn(deltas);
  /** Units of a line that stand somewhere, as far as the ledger has booked them. */
  const stands = new Map([...sentOn.keys()].map((name) => [name, 0]));
  for (const entry of history.ledger.database.log.flatMap(({ entries }) => entries as unknown as readonly Entry[])) {
    const back = booked.get(entry._id);
    const delta = moved.get(entry._id);
    const name = back ? lineNameOf(back.id) : delta && lines.get(lineOf(delta.id));
    if (name === undefined || !stands.has(name)) continue;
    const { heldAs } = brought.get(name) ?? {};
    if (back && (heldAs === undefined || back.heldFor?.reservationId !== heldAs))
      wrongs.push(`${entry._id} is booked in for ${back.heldFor?.reservationId}, not for ${heldAs}`);
    const units = stands.get(name)! + (back ? back.quantity : movedBy(entry, delta!));
    stands.set(name, units);
    const asked = sentOn.get(name)!;
    if (units > asked.units) wrongs.push(`${name}: after ${entry._id} ${units} stand somewhere, ${asked.units} came`);
  }
  for (const [name, units] of stands) {
    const line = brought.get(name);
    if (!line) continue;
    const gone = line.shippedUnits - line.receivedUnits - line.turnedBackUnits;
    const asked = sentOn.get(name)!;
    if (units + gone !== asked.units)
      wrongs.push(`${name}: ${units} stand somewhere, ${gone} are under way or lost, ${asked.units} came`);
  }
  return wrongs;
}

/** Of what a transfer told the ledger of a line, how many more stand somewhere. */
function movedBy(entry: Entry, { id, quantity }: TransferDelta): number {
  switch (id.slice(0, id.indexOf('/'))) {
    case 'fulfil':
      return sum(entry.effects.map(({ onHand = 0 }) => onHand));
    case 'out':
      return -quantity;
    case 'stay':
    case 'in':
    case 'back':
      return quantity;
    default:
      return 0;
  }
}

/** Units that are held as what is sent on is booked in, by reservation. */
export function heldAsBooked({ ledger }: History, deltas: readonly Appended[]): Map<string, number> {
  const booked = bookedInOf(deltas);
  const held = new Map<string, number>();
  for (const { entries } of ledger.database.log)
    for (const { _id, effects } of entries as unknown as readonly Entry[]) {
      const reservationId = booked.get(_id)?.heldFor?.reservationId;
      if (reservationId) held.set(reservationId, sum(effects.map(({ reserved = 0 }) => reserved)));
    }
  return held;
}

/** What places sent on and orders agreed to, by `ORDER/RETURN/LINE`. */
function sentOnIn({ shops, orders }: History): Map<string, SentOn> {
  const found = new Map<string, SentOn>();
  for (const [name, message] of shops?.asked ?? []) {
    if (message.type !== 'return_disposed' || orders.database.entries.get(name)?.outcome !== 'applied') continue;
    const { orderId, returnId, store, lines } = message as DisposeReturn;
    for (const { lineId, units, to, location } of lines)
      if (to === 'transfer') found.set(`${orderId}/${returnId}/${lineId}`, { from: store, to: location!, units });
  }
  return found;
}

/** Facts by which what came back is booked in, by the id of the ledger's entry. */
function bookedInOf(deltas: readonly Appended[]): Map<string, BookedIn> {
  const found = new Map<string, BookedIn>();
  for (const { text } of deltas) {
    if (!text.includes('"id":"r/')) continue;
    const fact = JSON.parse(text) as BookedIn;
    found.set(`orders/${fact.id}`, fact);
  }
  return found;
}

/** `r/ORDER/RETURN/LINE/N` → `ORDER/RETURN/LINE`. */
const lineNameOf = (id: string): string => id.split('/').slice(1, 4).join('/');
/** `in/TRANSFER/LINE/N`, `fulfil/transfer/TRANSFER/LINE/N` → `TRANSFER/LINE`. */
const lineOf = (id: string): string => id.split('/').slice(-3, -1).join('/');
