/** Of a record batch: well below the broker's 1 MiB default. */
export const MAX_BATCH_RECORDS = 4000;
export const MAX_BATCH_BYTES = 700_000;
/** Of one record with its key and headers; a record batch of one must fit into 1 MiB. */
export const MAX_RECORD_BYTES = 1_000_000;
