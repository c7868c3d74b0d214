/**
 * CloudEvents 1.0, Kafka binary mode: attributes travel as `ce_*` headers, the payload is the record's value.
 * Headers are optional on input (a record with none is read by its topic's rules) and always set on output.
 */
export interface CloudEventAttributes {
  id: string;
  source: string;
  type: string;
  subject?: string;
  timeMs?: number;
  traceparent?: string;
}

export function cloudEventHeaders(event: CloudEventAttributes): Record<string, string> {
  const headers: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_source: event.source,
    ce_type: event.type,
    'content-type': 'application/json',
  };
  if (event.subject !== undefined) headers['ce_subject'] = event.subject;
  if (event.timeMs !== undefined) headers['ce_time'] = new Date(event.timeMs).toISOString();
  if (event.traceparent !== undefined) headers['traceparent'] = event.traceparent;
  return headers;
}
