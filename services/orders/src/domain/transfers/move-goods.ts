import type { TransferMessage } from '@shelfline/contracts/transfer';
import type { Refusal } from '../decision.js';
import { heldUnits, inTransitUnits } from './transfer.js';
import type { TransferDraft } from './transfer-draft.js';

type Moving = Extract<TransferMessage, { type: 'ship' | 'receive' | 'close' | 'turn_back' }>;
interface Said {
  readonly by?: string;
  readonly reason?: string;
}

/** Goods leave, come, are lost or turn round. Nothing is done where something is refused. */
export function moveGoods(draft: TransferDraft, message: Moving, said: Said): Refusal[] {
  switch (message.type) {
    case 'ship':
      return ship(draft, message, said);
    case 'receive':
      return receive(draft, message, said);
    case 'close':
    case 'turn_back': {
      const type = message.type === 'close' ? 'missing' : 'turned_back';
      for (const line of draft.transfer.lines) {
        const units = inTransitUnits(line);
        if (units > 0) draft.add({ type, lineId: line.lineId, units, ...said });
      }
      return [];
    }
  }
}

const unknownLine = (i: number, lineId: string): Refusal => ({
  code: 'unknown_line',
  field: `lines[${i}].lineId`,
  detail: `the transfer has no line ${lineId}`,
});

/** The ledger gives a reservation out whole: what stays is brought back at once and reserved anew. */
function ship(draft: TransferDraft, { lines, tracking }: Extract<Moving, { type: 'ship' }>, said: Said): Refusal[] {
  const { transfer } = draft;
  const all = transfer.lines.map((line) => ({ lineId: line.lineId, quantity: heldUnits(line) }));
  const leaving = lines ?? all;
  const refusals = leaving.flatMap(({ lineId, quantity }, i): Refusal[] => {
    const line = transfer.lines.find((one) => one.lineId === lineId);
    if (!line) return [unknownLine(i, lineId)];
    const held = heldUnits(line);
    const detail = `${quantity} of line ${lineId} cannot leave: ${held} are reserved for it`;
    return quantity > held ? [{ code: 'more_than_held', field: `lines[${i}].quantity`, detail }] : [];
  });
  if (refusals.length === 0 && leaving.every(({ quantity }) => quantity === 0))
    return [{ code: 'nothing_to_move', field: 'lines', detail: 'nothing would leave; say what does' }];
  if (refusals.length > 0) return refusals;
  for (const { lineId, quantity: units } of leaving) {
    if (units === 0) continue;
    const stayed = heldUnits(transfer.lines.find((line) => line.lineId === lineId)!) - units;
    draft.add({ type: 'shipped', lineId, units, stayed, ...said, ...(tracking === undefined ? {} : { tracking }) });
    if (stayed > 0) draft.add({ type: 'reserve_asked', lineId, units: stayed });
  }
  return [];
}

function receive(draft: TransferDraft, { lines }: Extract<Moving, { type: 'receive' }>, said: Said): Refusal[] {
  const { transfer } = draft;
  const refusals = lines.flatMap(({ lineId }, i) =>
    transfer.lines.some((one) => one.lineId === lineId) ? [] : [unknownLine(i, lineId)],
  );
  if (refusals.length > 0) return refusals;
  if (lines.every(({ quantity }) => quantity === 0))
    return [{ code: 'nothing_to_move', field: 'lines', detail: 'nothing came; close it where nothing more will' }];
  for (const { lineId, quantity, damaged, reason } of lines) {
    if (quantity === 0) continue;
    const units = Math.min(quantity, inTransitUnits(transfer.lines.find((line) => line.lineId === lineId)!));
    const why = reason === undefined ? {} : { reason };
    draft.add({ type: 'received', lineId, units, damaged, over: quantity - units, ...said, ...why });
  }
  return [];
}
