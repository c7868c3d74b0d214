import { createHash } from 'node:crypto';

/**
 * Names the data that versions belong to. The same on every instance and across restarts; another one when the data
 * is begun anew (another cluster, or another prefix on the same one), so that clients forget what they have seen.
 */
export const epochOf = (clusterId: string, topicName: string): string =>
  createHash('sha256').update(`${clusterId}\n${topicName}`).digest('hex').slice(0, 16);
