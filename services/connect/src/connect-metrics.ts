import { latencyBuckets, type Metrics, sizeBuckets } from '@shelfline/service-kit/metrics';

/** `result`: accepted, or the type of the rejection. */
export const createConnectMetrics = (metrics: Metrics) => ({
  deltas: metrics.counter({
    name: 'shelfline_connect_deltas_total',
    help: 'Items received over REST, by result',
    labelNames: ['result'],
  }),
  requestItems: metrics.histogram({
    name: 'shelfline_connect_request_items',
    help: 'Items per request',
    buckets: sizeBuckets,
  }),
  refusedBusy: metrics.counter({
    name: 'shelfline_connect_refused_busy_total',
    help: 'Requests and uploads answered with 503 because enough were at work',
    labelNames: ['kind'],
  }),
  publishSeconds: metrics.histogram({
    name: 'shelfline_connect_publish_seconds',
    help: 'From sending records to all in-sync replicas having them',
    labelNames: ['kind'],
    buckets: latencyBuckets,
  }),
  importRows: metrics.counter({
    name: 'shelfline_connect_import_rows_total',
    help: 'Rows of imports, by kind and result',
    labelNames: ['kind', 'result'],
  }),
  importBytes: metrics.counter({
    name: 'shelfline_connect_import_bytes_total',
    help: 'Bytes of imports worked through, unpacked',
    labelNames: ['kind'],
  }),
  imports: metrics.counter({
    name: 'shelfline_connect_imports_total',
    help: 'Imports ended, by kind and state',
    labelNames: ['kind', 'state'],
  }),
  uploads: metrics.counter({
    name: 'shelfline_connect_uploads_total',
    help: 'Uploads by result',
    labelNames: ['result'],
  }),
});
export type ConnectMetrics = ReturnType<typeof createConnectMetrics>;
