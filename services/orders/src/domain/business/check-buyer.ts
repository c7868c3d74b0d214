import type { BuyerTerms, QuantityRule } from '@shelfline/contracts/buyer-terms';
import type { PlaceOrder } from '@shelfline/contracts/order';
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
    ...quantityFaults(lines, terms.quantities, context),
  ];
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
  lines: Asked['lines'],
  rules: readonly QuantityRule[],
  { categoryOf }: OrderContext,
): Refusal[] {
  const sums = new Map<string, { units: number; line: number }>();
  lines.forEach(({ sku, quantity }, line) => {
    const sum = sums.get(sku);
    sums.set(sku, { units: (sum?.units ?? 0) + quantity, line: sum?.line ?? line });
  });
  return [...sums].flatMap(([sku, { units, line }]) => {
    const rule = rules.find((one) => choosesProduct(one, sku, categoryOf?.(sku)));
    return rule ? ruleFaults(rule, sku, units, `lines[${line}].quantity`) : [];
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
