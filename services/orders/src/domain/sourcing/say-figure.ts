import type { CriterionName } from './charge-places.js';
import type { Language } from './sourcing-terms.js';

interface Unit {
  readonly en: string;
  /** Of a single one in English. */
  readonly one: string;
  readonly zh: string;
}
const PARCELS: Unit = { en: ' parcels', one: ' parcel', zh: ' 个包裹' };
const MINOR_UNITS: Unit = { en: ' minor units', one: ' minor unit', zh: ' 最小货币单位' };
const KM: Unit = { en: ' km', one: ' km', zh: ' 公里' };
const PERCENT: Unit = { en: ' %', one: ' %', zh: ' %' };
/** What a figure of a criterion counts; nothing where it is a number by itself. */
const UNITS: Readonly<Record<CriterionName, Unit | undefined>> = {
  unplaced: { en: ' pieces', one: ' piece', zh: ' 件' },
  same_city: PARCELS,
  same_region: PARCELS,
  nearest: KM,
  fewest_splits: PARCELS,
  guaranteed_warehouse: PARCELS,
  pickup_store: PARCELS,
  load: { en: ' open tasks', one: ' open task', zh: ' 个待办任务' },
  ageing_stock: { en: ' days', one: ' day', zh: ' 天' },
  cost: MINOR_UNITS,
  confidence: PERCENT,
  agent_priority: undefined,
  commission: MINOR_UNITS,
  places: PARCELS,
  code_order: undefined,
};

/** Ways are compared in steps of the rule; of explanations stored before it was kept, the steps are all that is known. */
export function sayFigure(criterion: CriterionName, figure: number, language: Language, stepKm?: number): string {
  if (criterion !== 'nearest')
    return `${figure}${UNITS[criterion]?.[language === 'en' && figure === 1 ? 'one' : language] ?? ''}`;
  if (stepKm === undefined) return String(figure);
  return `${Math.round(figure * stepKm * 10) / 10}${KM[language]}`;
}
