/** murmur2 as Java's Kafka clients use it (org.apache.kafka.common.utils.Utils.murmur2), over UTF-8 bytes. */
export function murmur2(data: Uint8Array): number {
  const m = 0x5bd1e995;
  const length = data.length;
  let h = (0x9747b28c ^ length) | 0;
  const words = length >> 2;
  for (let i = 0; i < words; i++) {
    const at = i << 2;
    let k = (data[at]! & 0xff) | ((data[at + 1]! & 0xff) << 8) | ((data[at + 2]! & 0xff) << 16) | (data[at + 3]! << 24);
    k = Math.imul(k, m);
    k ^= k >>> 24;
    k = Math.imul(k, m);
    h = Math.imul(h, m);
    h ^= k;
  }
  const rest = words << 2;
  const left = length & 3;
  if (left === 3) h ^= (data[rest + 2]! & 0xff) << 16;
  if (left >= 2) h ^= (data[rest + 1]! & 0xff) << 8;
  if (left >= 1) {
    h ^= data[rest]! & 0xff;
    h = Math.imul(h, m);
  }
  h ^= h >>> 13;
  h = Math.imul(h, m);
  h ^= h >>> 15;
  return h;
}

const encoder = new TextEncoder();

/** The one partitioner of all producers: librdkafka's default differs, so records from there may need forwarding. */
export const partitionFor = (value: string, partitions: number): number =>
  (murmur2(encoder.encode(value)) & 0x7fffffff) % partitions;
