/** What stands in a field while it is typed, and which quantities of its own may still come back from the server. */
export interface TypedQuantity {
  readonly text: string;
  /** First the one that stands there, then those that were typed after it, in that order. */
  readonly own: readonly number[];
}

/** `quantity`: undefined where the text is no quantity, as between two numbers. */
export function typed(
  before: TypedQuantity | undefined,
  value: number,
  text: string,
  quantity: number | undefined,
): TypedQuantity {
  const own = before?.own ?? [value];
  return { text, own: quantity === undefined ? own : [...own, quantity] };
}

/**
 * Changes are sent one after the other, so they come back in that order: what stood there before the one that is back can
 * only be somebody else's from then on. Undefined: the quantity is not of this field's making and is to be shown.
 */
export function afterSeeing(field: TypedQuantity, value: number): TypedQuantity | undefined {
  const at = field.own.indexOf(value);
  if (at < 0) return undefined;
  return at === 0 ? field : { ...field, own: field.own.slice(at) };
}
