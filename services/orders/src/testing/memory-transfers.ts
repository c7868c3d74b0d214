import { dueAtMs, type Transfer, type TransferTimes } from '../domain/transfers/transfer.js';
import type { TransferWrites } from '../transfers/transfers.repository.js';

/** As much of the repository as a batch reads. */
export class MemoryTransfers {
  readonly transfers = new Map<string, Transfer>();
  private readonly partitions = new Map<string, number>();

  constructor(private readonly times: TransferTimes) {}

  findTransfers(ids: readonly string[]): Promise<Map<string, Transfer>> {
    const known = ids.flatMap((id) => (this.transfers.has(id) ? [[id, this.transfers.get(id)!] as const] : []));
    return Promise.resolve(new Map(known));
  }
  findEarliestDueMs(partition: number): Promise<number | undefined> {
    const earliestMs = Math.min(...this.of(partition).map((transfer) => this.dueMs(transfer)));
    return Promise.resolve(Number.isFinite(earliestMs) ? earliestMs : undefined);
  }
  findDue(partition: number, nowMs: number, limit: number): Promise<Transfer[]> {
    const due = this.of(partition).filter((transfer) => this.dueMs(transfer) <= nowMs);
    return Promise.resolve(due.toSorted((a, b) => this.dueMs(a) - this.dueMs(b)).slice(0, limit));
  }
  write(writes: TransferWrites): void {
    for (const { partition, transfer } of writes) {
      this.transfers.set(transfer.transferId, transfer);
      this.partitions.set(transfer.transferId, partition);
    }
  }
  private of(partition: number): Transfer[] {
    return [...this.transfers.values()].filter(({ transferId }) => this.partitions.get(transferId) === partition);
  }
  private dueMs(transfer: Transfer): number {
    return dueAtMs(transfer, this.times) ?? Number.POSITIVE_INFINITY;
  }
}
