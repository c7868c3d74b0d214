import { describe, expect, it } from '@jest/globals';
import { AgentAgreement } from '@shelfline/contracts/agent-agreement';
import { checkRule } from './check-rule.js';
import type { SourcingRequest } from './filter-places.js';
import { planSourcing } from './plan-sourcing.js';
import { sayRouting } from './say-routing.js';
import type { SourcingSorter } from './sourcing-rule.js';
import { NOON_MS, order, place, rule } from './testing/sourcing-cases.js';

const agreement = (over: object = {}) => AgentAgreement.parse({ id: 'V-7', location: 'agent', ...over });
const agents = (agreements: readonly AgentAgreement[], sorters: SourcingSorter[] = [{ by: 'nearest', stepKm: 1 }]) =>
  rule({ filters: [{ by: 'agreement' }], sorters, agreements });
const agent = place('agent', { type: 'agent', northKm: 1, units: { A: 5, B: 5 } });
const shop = place('shop', { northKm: 9, units: { A: 5, B: 5 } });
const asked = (fields: Partial<SourcingRequest> = {}, quantities: Record<string, number> = { A: 1 }) =>
  order(quantities, { channel: 'web', brands: new Map([['A', 'Alba']]), ...fields });
const at = (ms: number) => new Date(ms).toISOString();

function placesOf(request: SourcingRequest, terms: ReturnType<typeof rule>, from = [agent, shop]) {
  const plan = planSourcing(request, from, terms);
  return plan.kind === 'planned' ? plan.shares.map(({ location }) => location).toSorted() : [];
}

describe("an agent's stock", () => {
  it.each([
    ['nothing but its place', {}, ['agent']],
    ['the channel', { channels: ['web'] }, ['agent']],
    ['another channel', { channels: ['tmall'] }, ['shop']],
    ['the region', { regions: ['east'] }, ['agent']],
    ['another region', { regions: ['north'] }, ['shop']],
    ['the brand', { brands: ['Alba'] }, ['agent']],
    ['another brand', { brands: ['Noir'] }, ['shop']],
    ['from a later moment on', { validFrom: at(NOON_MS + 1) }, ['shop']],
    ['from this moment on', { validFrom: at(NOON_MS) }, ['agent']],
    ['until just now', { validUntil: at(NOON_MS) }, ['shop']],
    ['another agent', { location: 'other' }, ['shop']],
  ])('serves an order or not, the agreement naming %s', (_what, over, expected) => {
    expect(placesOf(asked(), agents([agreement(over)]))).toEqual(expected);
  });
  it('serves nothing without an agreement, and whatever it may where no filter asks for one', () => {
    expect(placesOf(asked(), agents([]))).toEqual(['shop']);
    expect(placesOf(asked(), rule({ sorters: [{ by: 'nearest', stepKm: 1 }] }))).toEqual(['agent']);
  });
  it('gives of a basket the brands that are covered, and nothing else', () => {
    const brands = new Map([
      ['A', 'Alba'],
      ['B', 'Noir'],
    ]);
    const plan = planSourcing(asked({ brands }, { A: 1, B: 1 }), [agent], agents([agreement({ brands: ['Alba'] })]));
    expect(plan.unplaced.map(({ sku }) => sku)).toEqual(['B']);
    expect(placesOf(asked({ brands }, { A: 1, B: 1 }), agents([agreement({ brands: ['Noir', 'Alba'] })]))).toEqual([
      'agent',
    ]);
  });
  it('comes after the own by its priority, and after that of a cheaper agent by its commission', () => {
    const cheap = place('cheap', { type: 'agent', northKm: 5, units: { A: 5 } });
    const terms = [
      agreement({ commissionPercent: 12, priority: 1 }),
      agreement({ id: 'V-8', location: 'cheap', commissionPercent: 8, priority: 1 }),
    ];
    const from = [agent, cheap, shop];
    expect(placesOf(asked(), agents(terms, [{ by: 'agent_priority' }]), from)).toEqual(['shop']);
    expect(placesOf(asked(), agents(terms, [{ by: 'commission' }]), [agent, cheap])).toEqual(['cheap']);
    const plan = planSourcing(asked(), [agent], agents(terms, [{ by: 'commission' }]));
    // Twelve per cent of 100.00.
    expect(plan.explanation.chosen?.charges[1]).toBe(1200);
  });
  it('is explained: by which agreement it serves, and that none lets it', () => {
    const served = planSourcing(asked(), [agent], agents([agreement({ commissionPercent: 12.5 })])).explanation;
    expect(sayRouting(served, 'en').join('\n')).toContain('by agreement V-7, commission 12.5 %');
    expect(sayRouting(served, 'zh').join('\n')).toContain('依据代理协议 V-7，佣金 12.5 %');
    const passed = planSourcing(asked(), [agent, shop], agents([])).explanation;
    expect(sayRouting(passed, 'en')).toContain(
      'agent was passed over: no agreement in force lets this agent serve the channel, brand and region of the order.',
    );
    expect(sayRouting(passed, 'zh').join('\n')).toContain('没有有效协议允许该代理商供应此订单的渠道、品牌和区域');
  });
});

describe('agreements that mean nothing', () => {
  const fieldsOf = (terms: ReturnType<typeof rule>) => checkRule(terms).map(({ field }) => field);
  it('are refused: two of one number, one that never begins, and all where no filter heeds them', () => {
    expect(fieldsOf(agents([agreement(), agreement()]))).toEqual(['agreements[1].id']);
    const never = agreement({ validFrom: at(NOON_MS), validUntil: at(NOON_MS) });
    expect(fieldsOf(agents([never]))).toEqual(['agreements[0].validUntil']);
    expect(fieldsOf(rule({ agreements: [agreement()] }))).toEqual(['agreements']);
  });
});
