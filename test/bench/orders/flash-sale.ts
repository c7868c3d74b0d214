import type { OrderView } from '@shelfline/contracts/order-view';
import type { FrontDoor } from './front-door.ts';
import type { OrderLoad } from './order-load.ts';

interface Page {
  readonly items: readonly Pick<OrderView, 'orderId' | 'reason'>[];
  readonly next: string | null;
}

/** What is wrong with how a flash sale was answered: as many orders as pieces are placed, all others refused at once, and why. */
export async function flashFaults(
  door: FrontDoor,
  answers: OrderLoad['answers'],
  { orders, pieces }: { readonly orders: number; readonly pieces: number },
): Promise<string[]> {
  const faults: string[] = [];
  if (answers.placed !== pieces) faults.push(`${answers.placed} orders were placed, for ${pieces} pieces`);
  if (answers.outOfStock !== orders - pieces) faults.push(`${answers.outOfStock} were told at once that there is none`);
  const told = await refusalsWithReason(door);
  if (told !== orders - pieces) faults.push(`${told} show the reason why they were refused`);
  return faults;
}

async function refusalsWithReason(door: FrontDoor): Promise<number> {
  let told = 0;
  for (let cursor: string | null = ''; cursor !== null; ) {
    const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: Page = await door.call<Page>('GET', `/api/orders?state=CANCELLED&limit=200${from}`);
    told += page.items.filter(
      ({ orderId, reason }) => orderId.startsWith('flash-') && reason === 'out_of_stock',
    ).length;
    cursor = page.next;
  }
  return told;
}
