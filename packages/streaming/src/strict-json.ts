import type { ReceivedRecord } from './kafka-port.js';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** The record's value; throws where it is no JSON, or not in UTF-8: a replaced byte would be another name or figure. */
export const strictJson = ({ value }: Pick<ReceivedRecord, 'value'>): unknown =>
  JSON.parse(strictUtf8.decode(value ?? new Uint8Array()));
