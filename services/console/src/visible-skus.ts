/** Rows around the visible ones that are kept subscribed, so that scrolling finds live figures. */
export const AROUND = 20;
/** One message may name 500 SKUs; a screen shows far fewer. */
const MOST = 400;

export function skusToWatch(skus: readonly string[], first: number, last: number): string[] {
  return skus.slice(Math.max(0, first - AROUND), Math.min(skus.length, last + 1 + AROUND)).slice(0, MOST);
}
