import { describe, expect, it } from '@jest/globals';
import type { SourcingRequest } from './filter-places.js';
import { planSourcing } from './plan-sourcing.js';
import { sayRouting } from './say-routing.js';
import { DEFAULT_RULE, type SourcingRule } from './sourcing-rule.js';
import { type CaseFields, order, place, rule } from './testing/sourcing-cases.js';

const explained = (
  places: Readonly<Record<string, CaseFields>>,
  request: SourcingRequest = order(),
  rule: SourcingRule = DEFAULT_RULE,
) =>
  planSourcing(
    request,
    Object.entries(places).map(([code, fields]) => place(code, fields)),
    rule,
  ).explanation;

const NETWORK: Record<string, CaseFields> = {
  S1: { northKm: 2.4, openTasks: 3 },
  S2: { northKm: 6.5 },
  S3: { northKm: 1, confidence: 0.499 },
  S4: { northKm: 3, capacityLeft: 0 },
  S5: { units: { Z: 9 } },
  S6: { units: {} },
};

describe('the explanation of a routing', () => {
  it('names what was chosen, what ranked and what was dropped, with figures', () => {
    const { places, counts, chosen, runnerUp } = explained(NETWORK);
    expect(chosen?.locations).toEqual(['S1']);
    expect(runnerUp).toMatchObject({ locations: ['S2'], lostBy: 'nearest' });
    expect(places).toMatchObject([
      { location: 'S1', outcome: 'chosen', givenUnits: 1, rank: 1, openTasks: 3, isSameCity: true },
      { location: 'S2', outcome: 'ranked', rank: 2 },
      { location: 'S3', outcome: 'dropped', drop: { reason: 'min_confidence', figure: 0.499, limit: 0.5 } },
      { location: 'S4', outcome: 'dropped', drop: { reason: 'capacity_left', figure: 0, limit: 1 } },
    ]);
    expect(counts).toEqual({
      candidates: 6,
      ranked: 2,
      dropped: { min_confidence: 1, capacity_left: 1, no_stock: 2 },
      unnamed: 2,
    });
  });

  it('stays small whatever the network: the best dozen by name, ten of those passed over, the rest counted', () => {
    const many = Object.fromEntries(
      Array.from({ length: 400 }, (_, i) => [`S${i}`, { northKm: i, capacityLeft: i % 2 } as CaseFields]),
    );
    const { places, counts } = explained(many);
    expect(places).toHaveLength(22);
    expect(places.filter(({ outcome }) => outcome === 'dropped')).toHaveLength(10);
    expect(counts).toEqual({ candidates: 400, ranked: 200, dropped: { capacity_left: 200 }, unnamed: 378 });
    expect(places[0]).toMatchObject({ location: 'S1', outcome: 'chosen' });
    expect(places.at(-1)).toMatchObject({ location: 'S18', outcome: 'dropped' });
  });

  it('tells of a runner-up only where it serves as much', () => {
    const { runnerUp } = explained({ a: { units: { A: 2 } }, b: { units: { A: 1 } } }, order({ A: 2 }));
    expect(runnerUp).toBeUndefined();
  });
});

describe('a routing in words', () => {
  it('says in English what goes where, why, what came next and who was passed over', () => {
    expect(sayRouting(explained(NETWORK), 'en')).toEqual([
      'The whole order (1 piece) goes to S1.',
      'S1 gives 1 piece: number 1 of 2 possible places (in the customer’s city, 2.4 km away, 3 open tasks).',
      'Next best was S2: it has the longer way, all parcels together (7 km against 3 km).',
      '4 of 6 places were passed over: 2 have none of the articles; 1 has stock figures that are not trusted enough; 1 has no capacity left today.',
      'S3 was passed over: stock figures 49 % sure, 50 % needed.',
      'S4 was passed over: can take 0 more orders today, 1 needed.',
      'Decided by the rule the software comes with.',
    ]);
  });
  it('says the same in Chinese, by the names people know', () => {
    const names = new Map([['S1', '徐汇店']]);
    expect(sayRouting(explained(NETWORK), 'zh', (code) => names.get(code) ?? code)).toEqual([
      '整单（1 件）由 徐汇店 供应。',
      '徐汇店 供应 1 件：在 2 个可选地点中排第 1（与顾客同城，距离 2.4 公里，待办任务 3 个）。',
      '次优方案是 S2：各包裹总路程更长（7 公里，所选方案为 3 公里）。',
      '6 个地点中有 4 个未入选：2 个无所需货品；1 个库存数据可信度不足；1 个今日接单能力已满。',
      'S3 未入选：库存可信度 49 %，至少需 50 %。',
      'S4 未入选：今日还可接 0 单，至少需 1 单。',
      '依据系统自带的规则决定。',
    ]);
  });
  it('said 34 against 17 and not of what', () => {
    const steps: SourcingRule = { ...DEFAULT_RULE, sorters: [{ by: 'nearest', stepKm: 5 }] };
    const way = sayRouting(explained(NETWORK, undefined, steps), 'en').find((words) => words.startsWith('Next best'));
    expect(way).toContain('(10 km against 5 km)');
    const loads = rule({ sorters: [{ by: 'load' }] });
    const busy = sayRouting(explained({ a: { openTasks: 17 }, b: { openTasks: 34 } }, order({ A: 1 }), loads), 'en');
    expect(busy).toContain('Next best was b: it goes to busier places (34 open tasks against 17 open tasks).');
    // As it was stored before the steps were kept: what they are is not known any more.
    const { stepKm: _, ...stored } = explained(NETWORK, undefined, steps);
    expect(sayRouting(stored, 'en').join(' ')).toContain('(2 against 1)');
  });
  it('says what is left over and why nothing more was split', () => {
    const rule: SourcingRule = { ...DEFAULT_RULE, limits: { maxSplits: 9, splitAboveMinor: 99_999 } };
    const said = sayRouting(explained({ a: {}, b: { units: { B: 1 } } }, order({ A: 1, B: 1 }), rule), 'en');
    expect(said).toContain('1 of 2 pieces go to a; no place was found for 1.');
    expect(said).toContain('The order is worth too little to be split, so it had to come from one place.');
  });
  it('said 1 parcels, 1 pieces and that the only place was number 1 of 1', () => {
    const twoCities = { near: { units: { A: 1 } }, far: { units: { A: 1 }, city: 'Suzhou', northKm: 80 } };
    const said = sayRouting(explained(twoCities, order({ A: 1 }), rule({ sorters: [{ by: 'same_city' }] })), 'en');
    expect(said).toContain(
      'Next best was far: it sends more parcels from outside the city (1 parcel against 0 parcels).',
    );
    expect(sayRouting(explained({ near: {} }), 'en')[1]).toContain('1 piece: the only possible place (');
    expect(sayRouting(explained({ near: {} }), 'zh')[1]).toContain('唯一的可选地点（');
  });
  it('joined two places by a comma, as if the second were a remark on the first', () => {
    const said = (codes: readonly string[], asked: number) =>
      sayRouting(explained(Object.fromEntries(codes.map((code) => [code, {}])), order({ A: asked })), 'en')[0];
    expect(said(['a', 'b'], 2)).toBe('The whole order (2 pieces) goes to a and b.');
    expect(said(['a', 'b', 'c'], 3)).toBe('The whole order (3 pieces) goes to a, b and c.');
  });
  it('called the piece that a store had given back the whole order', () => {
    const rest = order({ A: 1 }, { orderUnits: 3 });
    expect(sayRouting(explained({ S1: {} }, rest), 'en')[0]).toBe('What was left of the order (1 piece) goes to S1.');
    expect(sayRouting(explained({ S1: {} }, rest), 'zh')[0]).toBe('订单其余部分（1 件）由 S1 供应。');
    expect(sayRouting(explained({}, rest), 'en')[0]).toBe(
      'No place that serves this channel has any of what is left of the order (1 piece) now.',
    );
    expect(sayRouting(explained({ S1: {} }, order({ A: 1 }, { orderUnits: 1 })), 'en')[0]).toContain('whole order');
  });
  it('said that nobody had the goods of an order that the customer’s store had refused', () => {
    const collected = order({ A: 1 }, { method: 'pickup', store: 'S1', refusedBy: new Set(['S1']) });
    // Its goods are given back in the same step, so the store has none of them yet.
    expect(sayRouting(explained({}, collected), 'en')[0]).toBe(
      'S1, where the goods are to be handed over, refused the order, and no other place may serve it: choose another store or delivery for it, or cancel it.',
    );
    expect(sayRouting(explained({}, { ...collected, refusedBy: new Set() }), 'en')[0]).toBe(
      'S1, where the goods are to be handed over, has none of it for this channel now.',
    );
  });
  it('did not tell that the place which had it before is not asked again', () => {
    const sentOn = order({ A: 1 }, { refusedBy: new Set(['S9']) });
    expect(sayRouting(explained({}, sentOn), 'en').slice(0, 2)).toEqual([
      'No other place that serves this channel has any of it now.',
      'Not asked again, having refused the order or not answered in time: S9.',
    ]);
    expect(sayRouting(explained({ S1: {} }, sentOn), 'zh')).toContain('以下地点曾拒单或超时，不再询问：S9。');
    // One that has some is named among those passed over.
    const said = sayRouting(explained({ S1: {}, S9: {} }, sentOn), 'en').join('\n');
    expect(said).toContain('S9 was passed over: refused the order before.');
    expect(said).not.toContain('Not asked again');
  });
  it('says that nobody can serve it', () => {
    expect(sayRouting(explained({}), 'en')).toEqual([
      'No place that serves this channel has any of it now.',
      'Decided by the rule the software comes with.',
    ]);
    expect(sayRouting(explained({}), 'zh')).toEqual(['服务该渠道的地点目前均无货。', '依据系统自带的规则决定。']);
  });
  it('does not say that a part goes somewhere where all or nothing is wanted', () => {
    const { explanation } = planSourcing(order({ A: 1, B: 1 }), [place('S1')], rule());
    const heldBack = { ...explanation, heldBackBy: 'wait_for_all' as const };
    expect(sayRouting(heldBack, 'en')[0]).toBe(
      'Only 1 of 2 pieces could be had now (S1); the customer wants all or nothing, so nothing is taken and the order waits.',
    );
    expect(sayRouting(heldBack, 'en').join(' ')).not.toMatch(/goes? to|gives/);
    expect(sayRouting(heldBack, 'zh')[0]).toContain('顾客要求整单齐货');
  });
  it.each(['en', 'zh'] as const)('has words in %s for every reason and criterion', (language) => {
    const request = order({ A: 1 }, { refusedBy: new Set(['refused']), method: 'same_city' });
    const rule: SourcingRule = {
      ...DEFAULT_RULE,
      filters: [...DEFAULT_RULE.filters, { by: 'same_region' }, { by: 'max_distance_km', km: 50 }],
    };
    const said = sayRouting(
      explained(
        {
          chosen: {},
          tie: {},
          refused: {},
          foreign: { servesChannel: false },
          city: { city: 'Suzhou' },
          region: { region: 'north' },
          far: { northKm: 80 },
          shut: { openingHours: [] },
        },
        request,
        rule,
      ),
      language,
    ).join('\n');
    for (const name of ['refused', 'foreign', 'city', 'region', 'far', 'shut']) expect(said).toContain(name);
    expect(said).not.toMatch(/undefined|NaN|Infinity|_/);
  });
});
