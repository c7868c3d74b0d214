import { StoreTask } from '@shelfline/contracts/order-view';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { Table } from '@shelfline/streaming/table';

export interface TaskRow {
  readonly store: string;
  readonly version: number;
  /** Whose capacity it counts against; absent where the place has no limit. */
  readonly day?: string;
}

export function decodeTask({ value }: ReceivedRecord): TaskRow | undefined {
  const { data } = StoreTask.safeParse(JSON.parse(value!.toString()));
  return data && { store: data.store, version: data.version, ...(data.workingDay ? { day: data.workingDay } : {}) };
}

/** How many tasks each place has to do, over all owners of orders. */
export class OpenTasks {
  private readonly byPlace = new Map<string, number>();

  constructor(tasks: Pick<Table<TaskRow>, 'onChange'>) {
    tasks.onChange((changes) => {
      for (const { value, previous } of changes) {
        if (previous) this.add(previous.store, -1);
        if (value) this.add(value.store, 1);
      }
    });
  }

  at(location: string): number {
    return this.byPlace.get(location) ?? 0;
  }

  private add(location: string, tasks: number): void {
    const sum = this.at(location) + tasks;
    if (sum === 0) this.byPlace.delete(location);
    else this.byPlace.set(location, sum);
  }
}
