import type { InspectedLine, InspectReturn } from '@shelfline/contracts/return';
import { type Decided, type OrderContext, type Refusal, refused } from '../decision.js';
import type { Order } from '../order.js';
import { type ReturnedLine, type StepLine, uninspectedUnits } from './order-return.js';
import { mayOverride, rulesOf } from './request-return.js';
import { feeMinorOf, shareMinor, termsOf } from './return-money.js';
import { applied, changedLine, elsewhere, findReturn, noSuchLine, told, tooManyUnits } from './work-return.js';

/** What the pieces are worth: which are taken back, and what is paid for them. The money is named once, here. */
export function inspectReturn(message: InspectReturn, known: Order | undefined, context: OrderContext): Decided {
  const at = findReturn(message, known, 'inspect');
  if ('kind' in at) return at;
  const { order, found } = at;
  const { store, by, override } = message;
  if (found.store !== store) return refused(elsewhere(found, store));
  if (override && !mayOverride(message, context))
    return refused({
      code: 'may_not_override',
      field: 'override',
      detail: `${override.role} may not take what the rules refuse; ask for one of: ${rulesOf(context).overrideRoles.join(', ')}`,
    });
  let { lines } = found;
  const refusals: Refusal[] = [];
  const stepLines = message.lines.flatMap((inspected, i): StepLine[] => {
    const line = lines.find(({ lineId }) => lineId === inspected.lineId);
    if (!line) return refusals.push(noSuchLine(i, found, inspected.lineId)), [];
    const left = uninspectedUnits(line);
    if (inspected.units > left) return refusals.push(tooManyUnits(i, 'inspect', line, left)), [];
    const judged = judge(inspected, line, order, mayOverride(message, context), context);
    lines = changedLine(lines, judged.line);
    return [judged.said];
  });
  if (refusals.length > 0) return refused(...refusals);
  const reason = override ? { reason: `${override.role} ${override.by}: ${override.reason}` } : {};
  const step = { type: 'inspected' as const, by, store, ...reason };
  if (stepLines.every(({ isAccepted }) => !isAccepted)) return applied(at, context, step, lines, stepLines);
  const sum = (field: 'goodsMinor' | 'feeMinor') => stepLines.reduce((all, line) => all + (line[field] ?? 0), 0);
  const isExchangePlaced = found.exchange !== undefined && found.exchangeOrderId === undefined;
  const exchangeMinor = isExchangePlaced
    ? found.exchange!.lines.reduce((all, { quantity, unitPriceMinor }) => all + quantity * unitPriceMinor, 0)
    : 0;
  const refund = { goodsMinor: sum('goodsMinor'), feeMinor: sum('feeMinor'), exchangeMinor };
  const paidBackMinor = refund.goodsMinor - refund.feeMinor - refund.exchangeMinor;
  const number = order.returns!.indexOf(found) + 1;
  const next = {
    refundMinor: found.refundMinor + paidBackMinor,
    ...(isExchangePlaced ? { exchangeOrderId: `${order.orderId}.x${number}` } : {}),
  };
  return applied(at, context, step, lines, stepLines, { next, told: { refund, isExchangePlaced } });
}

function judge(
  { units, condition, photos }: InspectedLine,
  line: ReturnedLine,
  order: Order,
  isOverridden: boolean,
  context: OrderContext,
): { line: ReturnedLine; said: StepLine } {
  const { acceptedConditions, restockedConditions } = rulesOf(context);
  // Nobody can take back as this product what is another one: it would be counted as what it is not.
  const isAccepted = condition !== 'wrong_item' && (acceptedConditions.includes(condition) || isOverridden);
  const pile = !isAccepted ? 'declined' : restockedConditions.includes(condition) ? 'restockable' : 'unsaleable';
  const hasFee = isAccepted && condition !== 'as_new' && condition !== 'faulty' && !isOverridden;
  const said = { ...told(line, units), condition, isAccepted, ...(photos ? { photos } : {}) };
  const changed = {
    ...line,
    acceptedUnits: line.acceptedUnits + (isAccepted ? units : 0),
    declinedUnits: line.declinedUnits + (isAccepted ? 0 : units),
    feeUnits: line.feeUnits + (hasFee ? units : 0),
    waiting: { ...line.waiting, [pile]: line.waiting[pile] + units },
  };
  const sold = order.lines.find(({ lineId }) => lineId === line.lineId);
  if (!isAccepted || !sold) return { line: changed, said };
  const { feeBasisPoints } = termsOf(rulesOf(context), order.placed.channel, context.categoryOf?.(line.sku));
  const wholeFeeMinor = feeMinorOf(sold.quantity * sold.unitPriceMinor, feeBasisPoints);
  const feeMinor = hasFee ? shareMinor(wholeFeeMinor, feeUnitsOf(order, line), units, sold.quantity) : 0;
  return { line: changed, said: { ...said, goodsMinor: units * sold.unitPriceMinor, feeMinor } };
}

/** Of the order's line, in all its returns, before these: the parts of a fee add up to the whole. */
const feeUnitsOf = ({ returns = [] }: Order, { lineId }: ReturnedLine): number =>
  returns
    .flatMap(({ lines }) => lines.filter((line) => line.lineId === lineId))
    .reduce((sum, { feeUnits }) => sum + feeUnits, 0);
