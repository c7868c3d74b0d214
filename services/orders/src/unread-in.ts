import { findNearestName } from '@shelfline/contracts/nearest-name';
import { OrderLine } from '@shelfline/contracts/order';
import { z } from 'zod';

export const UnreadName = z.object({
  field: z.string(),
  meant: z.string().optional().describe('The field that was probably meant'),
});
type UnreadName = z.infer<typeof UnreadName>;

const SHOWN_FIELDS = 20;
const SHOWN_CHARACTERS = 60;
const IN_LINES: ReadonlySet<string> = new Set(Object.keys(OrderLine.shape));

/**
 * Fields of an order or a basket that nothing reads. None is refused for them, since senders may add fields of their own; but
 * who writes `whish` for `wish` must hear that it was not heeded. A destination may say what it likes to couriers.
 */
export function unreadIn(sent: object, read: ReadonlySet<string>): UnreadName[] {
  const { lines } = sent as { readonly lines?: unknown };
  const found = unreadNames(sent, read, '');
  for (const [i, line] of (Array.isArray(lines) ? lines : []).entries()) {
    if (found.length >= SHOWN_FIELDS) break;
    if (typeof line === 'object' && line !== null) found.push(...unreadNames(line, IN_LINES, `lines[${i}].`));
  }
  return found.slice(0, SHOWN_FIELDS);
}

function unreadNames(sent: object, read: ReadonlySet<string>, before: string): UnreadName[] {
  const absent = [...read].filter((name) => !Object.hasOwn(sent, name));
  return Object.keys(sent)
    .filter((name) => !read.has(name))
    .slice(0, SHOWN_FIELDS)
    .map((name) => {
      const meant = findNearestName(name, absent);
      return { field: `${before}${name.slice(0, SHOWN_CHARACTERS)}`, ...(meant === undefined ? {} : { meant }) };
    });
}
