import { TOPICS } from '@shelfline/contracts/topics';
import type { Order } from '@shelfline/orders/domain/order';
import type { History } from './history.ts';
import type { Appended } from './ledger-records.ts';

const sum = (units: readonly number[]) => units.reduce((total, each) => total + each, 0);

/** A piece that came back is counted once: by its order, and as the fact by which it stands in stock again. */
export function returnWrongs(
  { ledger, losses }: History,
  known: ReadonlyMap<string, Order>,
  deltas: readonly Appended[],
): string[] {
  const booked = bookedUnits(ledger.database.log, deltas);
  const mayLack = losses.accepted.some(({ topic }) => topic === TOPICS.deltas.name);
  const wrongs: string[] = [];
  for (const { orderId, holds, lines, returns = [] } of known.values()) {
    for (const { lineId } of lines) {
      const gone = sum(
        holds.filter((hold) => hold.lineId === lineId && hold.state === 'fulfilled').map(({ quantity }) => quantity),
      );
      const own = returns.flatMap((one) => one.lines.filter((line) => line.lineId === lineId));
      const back = sum(own.map(({ requestedUnits, handedBackUnits }) => requestedUnits - handedBackUnits));
      if (back > gone) wrongs.push(`order ${orderId}: ${back} of line ${lineId} come back, ${gone} went out`);
    }
    for (const { returnId, lines: returned } of returns)
      for (const line of returned) {
        const { lineId, requestedUnits, receivedUnits, acceptedUnits, declinedUnits, disposedUnits } = line;
        const inspected = acceptedUnits + declinedUnits;
        if (receivedUnits > requestedUnits || inspected > receivedUnits || disposedUnits > inspected)
          wrongs.push(`return ${orderId}/${returnId}: counts ${JSON.stringify(line)}`);
        const name = `${orderId}/${returnId}/${lineId}`;
        const [stands, wanted] = [booked.get(name) ?? 0, disposedUnits - line.handedBackUnits];
        if (stands > wanted || (stands < wanted && !mayLack))
          wrongs.push(`return ${name}: ${wanted} went back to stock, the ledger booked ${stands}`);
        booked.delete(name);
      }
  }
  for (const name of booked.keys()) wrongs.push(`return ${name}: is in stock, and nobody brought it`);
  return wrongs;
}

/** Units of the ledger's entries for what came back, by `ORDER/RETURN/LINE`. */
function bookedUnits(log: History['ledger']['database']['log'], deltas: readonly Appended[]): Map<string, number> {
  const quantities = new Map<string, number>();
  for (const { text } of deltas) {
    if (!text.includes('"id":"r/')) continue;
    const { id, quantity } = JSON.parse(text) as { id: string; quantity: number };
    quantities.set(`orders/${id}`, quantity);
  }
  const booked = new Map<string, number>();
  for (const { entries } of log)
    for (const { _id } of entries) {
      const units = quantities.get(_id);
      if (units === undefined) continue;
      const name = _id.split('/').slice(2, 5).join('/');
      booked.set(name, (booked.get(name) ?? 0) + units);
    }
  return booked;
}
