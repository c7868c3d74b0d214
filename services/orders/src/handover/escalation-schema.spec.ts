import { describe, expect, it } from '@jest/globals';
import { EscalationRule } from './escalation-schema.js';

describe('a rule of escalation', () => {
  it('that says nothing sensible is refused', () => {
    expect(EscalationRule.safeParse({ store: { accept: [{ afterMinutes: 5, level: 'remind' }] } }).success).toBe(true);
    for (const accept of [[{ afterMinutes: 0, level: 'remind' }], [{ afterMinutes: 5, level: 'reroute' }], 'soon'])
      expect(EscalationRule.safeParse({ store: { accept } }).success).toBe(false);
  });
});
