interface ProductChoice {
  readonly skus?: readonly string[] | undefined;
  readonly categories?: readonly string[] | undefined;
}

/** Whether a rule is about the product: all where it names none. A product of no known category is of none. */
export const choosesProduct = (
  { skus, categories }: ProductChoice,
  sku: string,
  category: string | undefined,
): boolean =>
  (skus === undefined && categories === undefined) ||
  (skus?.includes(sku) ?? false) ||
  (category !== undefined && (categories?.includes(category) ?? false));
