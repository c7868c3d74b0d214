import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import { WholeTopic } from '../output-readers.ts';
import type { ShownStock } from './loader-messages.ts';

/** What compaction would keep of `inventory.availability`, for one channel and region. */
export class LastAvailability extends WholeTopic {
  readonly bySku = new Map<string, ShownStock>();

  protected override take({ value }: ReceivedRecord): void {
    if (value === null) return;
    const { sku, version, available, status } = JSON.parse(value.toString()) as ShownStock & { readonly sku: string };
    this.bySku.set(sku, { version, available, status });
  }
}
