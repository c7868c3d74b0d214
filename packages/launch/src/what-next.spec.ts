import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { sellOneCommand, whatNext, whereOrdersGo } from './what-next.js';

/** What a shell hands to curl, one argument a line. */
const argumentsOf = (lines: readonly string[]): string[] =>
  execFileSync('sh', ['-c', `curl() { printf '%s\\n' "$@"; }\n${lines.slice(1).join('\n')}`], { encoding: 'utf8' })
    .trim()
    .split('\n');

describe('what to do when the tills are silent', () => {
  it('is a sale that a shell sends as it stands, whatever the names hold', () => {
    const shelf = { sku: `it's "7"`, location: 'store-1' };
    const body = argumentsOf(sellOneCommand('http://127.0.0.1:8080', shelf)).at(-1)!;
    expect(JSON.parse(body)).toEqual([
      {
        id: expect.stringMatching(/^try-\d+$/),
        source: 'me',
        type: 'sale',
        ...shelf,
        quantity: 1,
        occurredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      },
    ]);
  });

  it('names the page and how to begin anew', () => {
    expect(whatNext('http://x').join('\n')).toMatch(/http:\/\/x.*Sell 1.*npm start -- --fresh/s);
    expect(whatNext('http://x', { sku: 'a', location: 'b' }).join('\n')).toContain('curl http://x');
  });

  it('names a store to work off orders at, where there are any', () => {
    expect(whereOrdersGo('http://x', 'store-7')[0]).toContain('http://x/store?store=store-7');
    expect(whereOrdersGo('http://x', undefined)).toEqual([]);
  });
});
