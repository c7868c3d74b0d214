import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const labels = ['topic'] as const;

/** What an SRE needs to know of every stream; label values are topic names, so bounded. */
export function createStreamMetrics(registry: Registry) {
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name, help, labelNames: labels, registers });
  const histogram = (name: string, help: string, buckets: number[] = seconds) =>
    new Histogram({ name, help, labelNames: labels, buckets, registers });
  const gauge = (name: string, help: string) =>
    new Gauge({ name, help, labelNames: [...labels, 'partition'], registers });
  return {
    records: counter('shelfline_stream_records_total', 'Records taken from the topic, ticks included'),
    applied: counter('shelfline_stream_applied_total', 'Messages whose entry was committed, refusals included'),
    deadLetters: counter('shelfline_stream_dead_letters_total', 'Records put aside with a reason'),
    duplicates: counter('shelfline_stream_duplicates_total', 'Repeated messages dropped; their answer was sent again'),
    flushed: counter('shelfline_stream_flushed_total', 'Documents written behind their commit, to their collections'),
    flushSeconds: histogram('shelfline_stream_flush_duration_seconds', 'Writing a chunk of them'),
    unflushed: new Gauge({
      name: 'shelfline_stream_unflushed_images',
      help: 'Committed states that are not in their collections yet; a new owner would begin with them',
      labelNames: labels,
      registers,
    }),
    forwarded: counter(
      'shelfline_stream_forwarded_total',
      'Records that stood in the wrong partition and were forwarded',
    ),
    fenced: counter(
      'shelfline_stream_fenced_commits_total',
      'Commits refused since another instance owns the partition',
    ),
    reclaims: counter('shelfline_stream_claims_total', 'Times a partition was claimed'),
    healed: counter('shelfline_stream_healed_keys_total', 'Keys sent again after a late write of a former owner'),
    retries: counter('shelfline_stream_retries_total', 'Batches begun again after a passing failure'),
    published: counter('shelfline_stream_published_total', 'Records published and acknowledged'),
    batchRecords: histogram(
      'shelfline_stream_batch_records',
      'Records in a batch',
      [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2000, 4000],
    ),
    batchSeconds: histogram('shelfline_stream_batch_duration_seconds', 'From taking a batch to its commit'),
    decideSeconds: histogram('shelfline_stream_decide_duration_seconds', 'Loading state and deciding'),
    commitSeconds: histogram('shelfline_stream_commit_duration_seconds', 'The transaction'),
    publishSeconds: histogram('shelfline_stream_publish_duration_seconds', 'Publishing a batch’s outputs'),
    backpressureSeconds: histogram(
      'shelfline_stream_backpressure_seconds',
      'Waiting for earlier outputs before the next batch',
    ),
    recordToPublish: histogram(
      'shelfline_stream_record_to_publish_seconds',
      'From a record’s append to its outputs’ acknowledgement',
    ),
    lagRecords: gauge('shelfline_stream_lag_records', 'Records on the topic not yet applied'),
    lagSeconds: gauge('shelfline_stream_lag_seconds', 'Age of the newest applied record when it was applied'),
    checkpointAge: gauge('shelfline_stream_checkpoint_timestamp_seconds', 'When the checkpoint last moved, unix time'),
  };
}
export type StreamMetrics = ReturnType<typeof createStreamMetrics>;
