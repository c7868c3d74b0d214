/** Of a partition, some twenty megabytes of names; where there are more, each round lists them anew. */
const MOST_KNOWN = 200_000;

/**
 * The SKUs of a partition that may have a level, as its owner has listed them once and seen come since: nobody else makes
 * any. To list them costs a database that reads the whole rest of a partition for each list a second of one core.
 */
export class PartitionSkus {
  private readonly skus = new Set<string>();
  private isWhole = false;
  private isTooMany = false;

  constructor(private readonly most = MOST_KNOWN) {}

  note(skus: Iterable<string>): void {
    if (this.isTooMany) return;
    for (const sku of skus) this.skus.add(sku);
    if (this.skus.size <= this.most) return;
    this.skus.clear();
    this.isWhole = false;
    this.isTooMany = true;
  }

  /** Every list of a round has been noted. */
  listedToTheEnd(): void {
    this.isWhole = !this.isTooMany;
  }

  /** Undefined while they were not listed to the end, or where they are too many. */
  findAll(): readonly string[] | undefined {
    return this.isWhole ? [...this.skus] : undefined;
  }
}
