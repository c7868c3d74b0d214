/** What of a product stood at a place when it refused, or the least that was seen there since. */
export interface RefusedStock {
  readonly location: string;
  readonly sku: string;
  readonly units: number;
  readonly atMs: number;
  /** It did not answer: that says nothing of its stock. */
  readonly isSilent?: true;
}

/** A place as it stands now; `countedAtMs` is absent where nobody has counted it. */
export interface StockThere {
  readonly onHand: number;
  readonly countedAtMs?: number;
}

/**
 * Whether a place may have changed its mind. What it refused is about what it had: more of it, or a count since, is
 * news. What its own refusal set free is none: on hand stays as it was. Who was silent is asked again once he was so for as
 * long as the order had been there, so ever less often.
 */
export function hasNews(
  { atMs, units, isSilent }: RefusedStock,
  there: StockThere | undefined,
  nowMs: number,
  placedAtMs: number,
): boolean {
  if (isSilent) return nowMs - atMs >= atMs - placedAtMs;
  if (!there) return false;
  const { onHand, countedAtMs = 0 } = there;
  // A till whose clock is ahead has counted when that time has come, or each refusal until then would have news.
  return onHand > units || (countedAtMs > atMs && countedAtMs <= nowMs);
}

interface Refusing {
  readonly refusedBy: readonly string[];
  /** Of single lines that a place rejected: it is not asked for these again. Absent = none. */
  readonly lacking?: readonly Lacking[];
  readonly refusedStock?: readonly RefusedStock[];
}
export interface Lacking {
  readonly location: string;
  readonly sku: string;
}

export const withRefusal = (
  { refusedBy, lacking = [], refusedStock = [] }: Refusing,
  {
    location,
    skus,
    had = [],
  }: { readonly location: string; readonly skus?: readonly string[]; readonly had?: readonly RefusedStock[] },
): Refusing => {
  const kept = refusedStock.filter((one) => !had.some(isSameAs(one)));
  const stock = [...kept, ...had];
  return {
    refusedBy: skus ? refusedBy : [...new Set([...refusedBy, location])],
    ...(skus ? { lacking: [...lacking, ...skus.map((sku) => ({ location, sku }))] } : {}),
    ...(stock.length > 0 ? { refusedStock: stock } : {}),
  };
};

/** Where it refused everything it goes on refusing the rest of it. */
export function withoutRefusal(
  { refusedBy, lacking = [], refusedStock = [] }: Refusing,
  { location, skus }: { readonly location: string; readonly skus: readonly string[] },
): Refusing {
  const isLifted = (one: Lacking) => one.location === location && skus.includes(one.sku);
  const left = refusedStock.filter((one) => !isLifted(one));
  const stillLacking = refusedBy.includes(location) ? left.filter((one) => one.location === location) : [];
  return {
    refusedBy: refusedBy.filter((one) => one !== location),
    lacking: [...lacking.filter((one) => !isLifted(one)), ...stillLacking.map(({ sku }) => ({ location, sku }))],
    refusedStock: left,
  };
}

export const isSameAs =
  (one: Lacking) =>
  (other: Lacking): boolean =>
    one.location === other.location && one.sku === other.sku;
