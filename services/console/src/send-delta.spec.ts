import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { curlFor } from './send-delta.js';

describe('the curl command', () => {
  it('sends valid JSON whatever the SKU holds', () => {
    const command = curlFor('http://127.0.0.1:8080', `a'b"c $(x)`, 'store-1', { type: 'sale', quantity: 1 });
    // The shell itself says what curl would be given.
    const script = `curl() { for last; do :; done; printf '%s' "$last"; }\n${command.split('\n').slice(1).join('\n')}`;
    const [event] = JSON.parse(execFileSync('sh', ['-c', script], { encoding: 'utf8' })) as Record<string, unknown>[];
    expect(event).toMatchObject({ sku: `a'b"c $(x)`, location: 'store-1', type: 'sale', quantity: 1 });
    expect(event!['id']).toMatch(/^try-\d+$/);
    expect(event!['occurredAt']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });
});
