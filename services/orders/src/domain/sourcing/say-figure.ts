import type { CriterionName } from './charge-places.js';
import type { Language } from './sourcing-terms.js';

const PARCELS = { en: ' parcels', zh: ' 个包裹' } as const;
const MINOR_UNITS = { en: ' minor units', zh: ' 最小货币单位' } as const;
/** What a figure of a criterion counts; nothing where it is a number by itself. */
const UNITS: Readonly<Record<CriterionName, { readonly en: string; readonly zh: string } | undefined>> = {
  unplaced: { en: ' pieces', zh: ' 件' },
  same_city: PARCELS,
  same_region: PARCELS,
  nearest: { en: ' km', zh: ' 公里' },
  fewest_splits: PARCELS,
  guaranteed_warehouse: PARCELS,
  pickup_store: PARCELS,
  load: { en: ' open tasks', zh: ' 个待办任务' },
  ageing_stock: { en: ' days', zh: ' 天' },
  cost: MINOR_UNITS,
  confidence: { en: ' %', zh: ' %' },
  agent_priority: undefined,
  commission: MINOR_UNITS,
  places: PARCELS,
  code_order: undefined,
};

/** Ways are compared in steps of the rule; of explanations stored before it was kept, the steps are all that is known. */
export function sayFigure(criterion: CriterionName, figure: number, language: Language, stepKm?: number): string {
  if (criterion !== 'nearest') return `${figure}${UNITS[criterion]?.[language] ?? ''}`;
  if (stepKm === undefined) return String(figure);
  return `${Math.round(figure * stepKm * 10) / 10}${UNITS.nearest![language]}`;
}
