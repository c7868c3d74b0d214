import type { PlaceOrder } from '@shelfline/contracts/order';
import type { Quote } from '@shelfline/contracts/order-quote';
import type { OrderContext, Refusal } from './decision.js';
import type { QuoteRead } from './quote-read.js';

/**
 * Prices are those of a signed quote, or those that a trusted channel states. Expiry is measured against the time at which
 * the message was appended, so that deciding it again decides the same.
 */
export function quoteFaults(message: PlaceOrder, context: OrderContext): Refusal[] {
  const { quote: jws, channel } = message;
  const isTrusted = context.findChannel(channel)?.trusted !== false;
  const read: QuoteRead = context.readQuote?.(jws ?? '') ?? { kind: 'no_keys' };
  if (read.kind === 'no_keys') return isTrusted ? [] : [untrusted(channel)];
  if (jws === undefined) return isTrusted ? [] : [missing(channel)];
  if (read.kind === 'forged')
    return [
      { code: 'quote_forged', field: 'quote', detail: `the quote is not accepted: ${read.why}; ask for a new one` },
    ];
  const { exp } = read.quote;
  if (exp * 1000 <= context.atMs)
    return [
      {
        code: 'quote_expired',
        field: 'quote',
        detail: `the quote ended ${new Date(exp * 1000).toISOString()}; ask for a new one and show its prices`,
      },
    ];
  return [...headFaults(message, read.quote), ...lineFaults(message, read.quote)];
}

const untrusted = (channel: string): Refusal => ({
  code: 'untrusted_channel',
  field: 'channel',
  detail: `${channel} states no prices by itself, and no key is set here to check a quote; set ORDER_QUOTE_KEYS_FILE, or place it through another channel`,
});
const missing = (channel: string): Refusal => ({
  code: 'quote_missing',
  field: 'quote',
  detail: `${channel} states no prices by itself; send the signed quote`,
});

function headFaults({ orderId, channel, currency }: PlaceOrder, quote: Quote): Refusal[] {
  const differs = (field: 'orderId' | 'channel' | 'currency', said: string, quoted: string): Refusal[] =>
    said === quoted
      ? []
      : [
          {
            code: `quote_other_${field === 'orderId' ? 'order' : field}`,
            field,
            detail: `the quote is for ${quoted}, not ${said}`,
          },
        ];
  return [
    ...differs('orderId', orderId, quote.orderId ?? orderId),
    ...differs('channel', channel, quote.channel),
    ...differs('currency', currency, quote.currency),
  ];
}

function lineFaults({ lines }: PlaceOrder, quote: Quote): Refusal[] {
  const quoted = new Map(quote.lines.map((line) => [line.sku, line]));
  const units = new Map<string, number>();
  return lines.flatMap(({ sku, unitPriceMinor, quantity }, i): Refusal[] => {
    const line = quoted.get(sku);
    if (!line)
      return [{ code: 'quote_other_sku', field: `lines[${i}].sku`, detail: `the quote has no price of ${sku}` }];
    const all = (units.get(sku) ?? 0) + quantity;
    units.set(sku, all);
    const faults: Refusal[] = [];
    if (line.unitPriceMinor !== unitPriceMinor)
      faults.push({
        code: 'quote_other_price',
        field: `lines[${i}].unitPriceMinor`,
        detail: `the quote says ${line.unitPriceMinor} for ${sku}, not ${unitPriceMinor}`,
      });
    if (line.quantity !== undefined && all > line.quantity)
      faults.push({
        code: 'quote_other_quantity',
        field: `lines[${i}].quantity`,
        detail: `the quote holds for ${line.quantity} of ${sku}, not for ${all}`,
      });
    return faults;
  });
}
