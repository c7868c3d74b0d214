import { TOPICS } from '@shelfline/contracts/topics';
import { partitionFor } from '@shelfline/streaming/partitioner';
import { type FaultRig, PARTITIONS } from './fault-rig.ts';
import type { MadeDelta } from './made-deltas.ts';

const ANSWER_LIMIT_MS = 15_000;

interface DeltasAnswer {
  readonly accepted: number;
  readonly rejected: readonly { readonly index: number; readonly type: string; readonly detail?: string }[];
}

/** Undefined when nothing can be known of what became of them; throws when they were refused as a whole. */
export type SendDeltas = (items: readonly MadeDelta[], signal: AbortSignal) => Promise<DeltasAnswer | undefined>;

/** As tills do: through the front door. */
export const byRest =
  (rig: FaultRig): SendDeltas =>
  async (items, ended) => {
    let status: number;
    let text: string;
    try {
      const response = await fetch(`${rig.service('gateway').address}/api/inventory/deltas`, {
        method: 'POST',
        headers: { authorization: `Bearer ${rig.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(items),
        signal: AbortSignal.any([ended, AbortSignal.timeout(ANSWER_LIMIT_MS)]),
      });
      status = response.status;
      text = await response.text();
    } catch {
      ended.throwIfAborted();
      return undefined;
    }
    if (status === 202) return JSON.parse(text) as DeltasAnswer;
    if (status < 500 && status !== 429) throw new Error(`deltas were refused with ${status}: ${text}`);
    return undefined;
  };

/** As an integrator does that writes the topic itself: more than one front door takes, for a full ledger. */
export const straightToTopic =
  (rig: FaultRig): SendDeltas =>
  async (items) => {
    const groups = new Map<number, MadeDelta[]>();
    for (const delta of items) {
      const partition = partitionFor(delta.sku, PARTITIONS);
      const group = groups.get(partition);
      if (group) group.push(delta);
      else groups.set(partition, [delta]);
    }
    const topic = rig.topic(TOPICS.deltas);
    const sends = [...groups].map(([partition, group]) =>
      rig.kafka.send(
        topic,
        partition,
        group.map((delta) => ({ key: delta.sku, value: JSON.stringify(delta) })),
      ),
    );
    const results = await Promise.allSettled(sends);
    return results.every(({ status }) => status === 'fulfilled') ? { accepted: items.length, rejected: [] } : undefined;
  };
