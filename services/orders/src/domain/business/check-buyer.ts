import type { BuyerTerms, QuantityRule } from '@shelfline/contracts/buyer-terms';
import type { PlaceOrder } from '@shelfline/contracts/order';
import type { ChangeOrder } from '@shelfline/contracts/order-change';
import { choosesProduct } from '../chooses-product.js';
import type { OrderContext, Refusal } from '../decision.js';

type Asked = Pick<PlaceOrder, 'buyer' | 'payment' | 'lines'>;

/** What speaks against an order by its buyer's terms; nothing of an order that names no buyer. */
export function buyerFaults({ buyer: code, payment, lines }: Asked, context: OrderContext): Refusal[] {
  if (code === undefined)
    return payment === 'on_account'
      ? [
          {
            code: 'no_buyer',
            field: 'buyer',
            detail: 'what is paid on account needs the organisation that buys; name it, or another payment',
          },
        ]
      : [];
  const buyer = context.findBuyer?.(code);
  if (!buyer?.active || !buyer.terms)
    return [
      {
        code: 'unknown_buyer',
        field: 'buyer',
        detail: `no organisation ${code} has terms to buy on; give it \`buying\` in the catalog, or leave the buyer out`,
      },
    ];
  const { terms } = buyer;
  return [
    ...(payment === 'on_account' ? accountFaults(code, terms, context) : []),
    ...quantityFaults(
      lines.map(({ sku, quantity }, i) => ({ sku, quantity, field: `lines[${i}].quantity` })),
      terms.quantities,
      context,
    ),
  ];
}

interface Ordered {
  readonly placed: { readonly buyer?: string };
  readonly lines: readonly {
    readonly lineId: string;
    readonly sku: string;
    readonly quantity: number;
    readonly cancelledUnits: number;
  }[];
}

/** The same of an order that is changed, for the products whose quantities become others; 0 of a product is no order of it. */
export function changedQuantityFaults(
  wanted: NonNullable<ChangeOrder['lines']>,
  { placed: { buyer }, lines }: Ordered,
  context: OrderContext,
): Refusal[] {
  const rules = buyer === undefined ? [] : (context.findBuyer?.(buyer)?.terms?.quantities ?? []);
  const after = lines.map(({ lineId, sku, quantity, cancelledUnits }) => {
    const before = quantity - cancelledUnits;
    const i = wanted.findIndex((one) => one.lineId === lineId);
    return { sku, before, quantity: wanted[i]?.quantity ?? before, field: i < 0 ? undefined : `lines[${i}].quantity` };
  });
  const others = new Set(after.flatMap(({ sku, before, quantity }) => (quantity === before ? [] : [sku])));
  return quantityFaults(
    after.filter(({ sku }) => others.has(sku)),
    rules,
    context,
  );
}

function accountFaults(code: string, { account }: BuyerTerms, { givesCredit }: OrderContext): Refusal[] {
  if (account === undefined)
    return [
      {
        code: 'no_account',
        field: 'payment',
        detail: `${code} has no account to buy on; take another payment, or give it one in the catalog`,
      },
    ];
  return givesCredit
    ? []
    : [
        {
          code: 'no_credit_connector',
          field: 'payment',
          detail:
            'nobody is configured who gives credit here (CREDIT_URL), so nothing is sold on account; take another payment',
        },
      ];
}

/** Of a product that stands in several lines the sum counts. */
function quantityFaults(
  lines: readonly { readonly sku: string; readonly quantity: number; readonly field: string | undefined }[],
  rules: readonly QuantityRule[],
  { categoryOf }: OrderContext,
): Refusal[] {
  const sums = new Map<string, { units: number; field: string | undefined }>();
  for (const { sku, quantity, field } of lines) {
    const sum = sums.get(sku);
    sums.set(sku, { units: (sum?.units ?? 0) + quantity, field: sum?.field ?? field });
  }
  return [...sums].flatMap(([sku, { units, field = 'lines' }]) => {
    const rule = units > 0 && rules.find((one) => choosesProduct(one, sku, categoryOf?.(sku)));
    return rule ? ruleFaults(rule, sku, units, field) : [];
  });
}

function ruleFaults({ minUnits, packUnits }: QuantityRule, sku: string, units: number, field: string): Refusal[] {
  const faults: Refusal[] = [];
  if (units < minUnits)
    faults.push({
      code: 'below_minimum',
      field,
      detail: `${sku} is sold to this buyer from ${minUnits} units on, and ${units} are asked for; ask for at least ${minUnits}`,
    });
  if (units % packUnits !== 0)
    faults.push({
      code: 'not_whole_packs',
      field,
      detail: `${sku} is sold to this buyer in packs of ${packUnits}, and ${units} are asked for; ask for ${packsNear(Math.max(units, minUnits), packUnits)}`,
    });
  return faults;
}

function packsNear(units: number, packUnits: number): string {
  const above = Math.ceil(units / packUnits) * packUnits;
  const below = above - packUnits;
  return below >= units || below === 0 ? String(above) : `${below} or ${above}`;
}
