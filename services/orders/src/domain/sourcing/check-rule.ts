import type { SourcingFilter, SourcingRule, SourcingSorter } from './sourcing-rule.js';

export interface RuleProblem {
  /** Path in the rule, as filters[2].km */
  readonly field: string;
  readonly detail: string;
}

const MAX_ENTRIES = 50;
const MAX_KM = 20_100;
const WEEK_MINUTES = 7 * 24 * 60;

/** What a rule cannot mean, though it has the shape of one. None: it may be switched on. */
export function checkRule(rule: SourcingRule): RuleProblem[] {
  const { filters, sorters, limits, validFromMs, validUntilMs } = rule;
  const problems: RuleProblem[] = [];
  const say = (field: string, detail: string) => problems.push({ field, detail });
  if (filters.length > MAX_ENTRIES) say('filters', `are ${filters.length}; at most ${MAX_ENTRIES} are applied`);
  if (validUntilMs !== null && validUntilMs <= validFromMs)
    say('validUntilMs', 'is not after the rule comes into force, so it would never apply');
  filters.forEach((filter, i) => {
    checkFilter(filter, `filters[${i}]`, say);
  });
  const seen = new Set<string>();
  sorters.forEach((sorter, i) => {
    if (seen.has(sorter.by)) say(`sorters[${i}]`, `${sorter.by} comes before already and has no say a second time`);
    seen.add(sorter.by);
    checkSorter(sorter, `sorters[${i}]`, say);
  });
  checkAgreements(rule, say);
  if (!isWhole(limits.maxSplits, 0, 49)) say('limits.maxSplits', 'must be a whole number from 0 to 49');
  if (!isWhole(limits.splitAboveMinor, 0, Number.MAX_SAFE_INTEGER))
    say('limits.splitAboveMinor', 'must be a whole number of minor units, 0 or more');
  const from = limits.collectAfterTransferFrom ?? [];
  if (new Set(from).size !== from.length) say('limits.collectAfterTransferFrom', 'names a type of place twice');
  return problems;
}

type Say = (field: string, detail: string) => void;

function checkFilter(filter: SourcingFilter, field: string, say: Say): void {
  if (filter.methods?.length === 0) say(`${field}.methods`, 'names no method, so the filter would never apply');
  if (filter.types?.length === 0) say(`${field}.types`, 'names no type of place, so the filter would never apply');
  switch (filter.by) {
    case 'agreement':
    case 'serves_channel':
    case 'not_yet_refused':
    case 'same_city':
    case 'same_region':
      return;
    case 'max_distance_km':
      if (!(filter.km > 0 && filter.km <= MAX_KM)) say(`${field}.km`, `must be above 0 and at most ${MAX_KM} km`);
      return;
    case 'capacity_left':
      if (!isWhole(filter.atLeast, 1, 1_000_000)) say(`${field}.atLeast`, 'must be a whole number from 1 to 1000000');
      return;
    case 'open_hours':
      if (!isWhole(filter.opensWithinMinutes, 0, WEEK_MINUTES))
        say(`${field}.opensWithinMinutes`, `must be a whole number from 0 (open now) to ${WEEK_MINUTES} (a week)`);
      return;
    case 'min_confidence':
      if (!(filter.atLeast >= 0 && filter.atLeast <= 1)) say(`${field}.atLeast`, 'must be from 0 to 1');
      return;
    default:
      filter satisfies never;
  }
}

function checkAgreements({ agreements = [], filters }: SourcingRule, say: Say): void {
  if (agreements.length > 0 && !filters.some(({ by }) => by === 'agreement'))
    say('agreements', 'are heeded by no filter; add one with by: agreement');
  const seen = new Set<string>();
  agreements.forEach(({ id, validFrom, validUntil }, i) => {
    if (seen.has(id)) say(`agreements[${i}].id`, `${id} is the number of another one already`);
    seen.add(id);
    if (typeof validUntil === 'string' && validFrom !== undefined && Date.parse(validUntil) <= Date.parse(validFrom))
      say(`agreements[${i}].validUntil`, 'is not after validFrom, so it would never be in force');
  });
}

function checkSorter(sorter: SourcingSorter, field: string, say: Say): void {
  if (sorter.by === 'nearest' && !(sorter.stepKm >= 0.001 && sorter.stepKm <= MAX_KM))
    say(`${field}.stepKm`, `must be from 0.001 to ${MAX_KM} km`);
}

const isWhole = (value: number, min: number, max: number): boolean =>
  Number.isInteger(value) && value >= min && value <= max;
