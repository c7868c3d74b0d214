import type { CriterionName } from './charge-places.js';
import type { Drop, DropReason } from './filter-places.js';

export type Language = 'en' | 'zh';

interface Saying {
  readonly en: string;
  readonly zh: string;
}

/** How often a reason occurred, after a number of places: "12 have none of the articles"; `one` after a single place. */
export const REASON_TERMS: Readonly<Record<DropReason, Saying & { readonly one: string }>> = {
  no_stock: { en: 'have none of the articles', one: 'has none of the articles', zh: '无所需货品' },
  other_store: {
    en: 'are not the store where the goods are handed over',
    one: 'is not the store where the goods are handed over',
    zh: '不是顾客取货的门店',
  },
  serves_channel: { en: 'do not serve this channel', one: 'does not serve this channel', zh: '不供应该渠道' },
  not_yet_refused: { en: 'refused the order before', one: 'refused the order before', zh: '已拒绝过该订单' },
  same_city: { en: 'are not in the customer’s city', one: 'is not in the customer’s city', zh: '不在顾客所在城市' },
  same_region: {
    en: 'are not in the customer’s region',
    one: 'is not in the customer’s region',
    zh: '不在顾客所在区域',
  },
  max_distance_km: { en: 'are too far away', one: 'is too far away', zh: '距离过远' },
  capacity_left: { en: 'have no capacity left today', one: 'has no capacity left today', zh: '今日接单能力已满' },
  open_hours: { en: 'do not open soon enough', one: 'does not open soon enough', zh: '近期不营业' },
  agreement: {
    en: 'are agents without an agreement that covers the order',
    one: 'is an agent without an agreement that covers the order',
    zh: '是代理商，但没有覆盖该订单的有效协议',
  },
  min_confidence: {
    en: 'have stock figures that are not trusted enough',
    one: 'has stock figures that are not trusted enough',
    zh: '库存数据可信度不足',
  },
};

/** What a plan has more of than a better one has; the figures follow. */
export const CRITERION_TERMS: Readonly<Record<CriterionName, Saying>> = {
  unplaced: { en: 'leaves more pieces unplaced', zh: '未能安排的件数更多' },
  same_city: { en: 'sends more parcels from outside the city', zh: '自外城发出的包裹更多' },
  same_region: { en: 'sends more parcels from outside the region', zh: '自外区域发出的包裹更多' },
  nearest: { en: 'has the longer way, all parcels together', zh: '各包裹总路程更长' },
  fewest_splits: { en: 'needs more parcels', zh: '包裹数更多' },
  guaranteed_warehouse: {
    en: 'takes more parcels from places that guarantee no stock',
    zh: '自非保障仓发出的包裹更多',
  },
  pickup_store: {
    en: 'takes more parcels from other places than the order’s store',
    zh: '自订单门店以外发出的包裹更多',
  },
  load: { en: 'goes to busier places', zh: '所选地点待办任务更多' },
  ageing_stock: { en: 'takes stock that is younger than the oldest', zh: '所用库存比最早库存更新' },
  cost: { en: 'costs more', zh: '成本更高' },
  confidence: { en: 'relies on stock figures that are less sure', zh: '所依据的库存数据可信度更低' },
  agent_priority: { en: 'goes to agents of a later priority', zh: '所选代理商优先级更靠后' },
  commission: { en: 'costs more commission', zh: '代理佣金更高' },
  places: { en: 'needs more parcels', zh: '包裹数更多' },
  code_order: { en: 'is as good, and comes later by its codes', zh: '同样好，按地点编码排序在后' },
};

const km = (metres: number): string =>
  metres < 10_000 ? (metres / 1000).toFixed(1) : String(Math.round(metres / 1000));
export const kmIn = (metres: number, language: Language): string =>
  language === 'en' ? `${km(metres)} km` : `${km(metres)} 公里`;

/** Why one place was passed over, with the figure it has and the one it needed; follows its name. */
export function sayDrop({ reason, figure, limit = 0 }: Drop, language: Language): string {
  const isEnglish = language === 'en';
  switch (reason) {
    case 'max_distance_km': {
      const most = kmIn(limit, language);
      if (figure === undefined)
        return isEnglish ? `distance unknown, at most ${most} allowed` : `距离未知，上限 ${most}`;
      const far = kmIn(figure, language);
      return isEnglish ? `${far} away, at most ${most} allowed` : `距离 ${far}，上限 ${most}`;
    }
    case 'capacity_left':
      return isEnglish
        ? `can take ${figure ?? 0} more ${figure === 1 ? 'order' : 'orders'} today, ${limit} needed`
        : `今日还可接 ${figure ?? 0} 单，至少需 ${limit} 单`;
    case 'open_hours':
      return isEnglish ? `closed, and not open within ${limit} minutes` : `未营业，${limit} 分钟内也不营业`;
    case 'agreement':
      return isEnglish
        ? 'no agreement in force lets this agent serve the channel, brand and region of the order'
        : '没有有效协议允许该代理商供应此订单的渠道、品牌和区域';
    case 'min_confidence':
      return isEnglish
        ? `stock figures ${percent(figure)} sure, ${percent(limit)} needed`
        : `库存可信度 ${percent(figure)}，至少需 ${percent(limit)}`;
    case 'no_stock':
      return isEnglish ? 'has none of the articles' : REASON_TERMS.no_stock.zh;
    case 'other_store':
      return isEnglish ? 'not the store where the goods are handed over' : REASON_TERMS.other_store.zh;
    case 'serves_channel':
      return isEnglish ? 'does not serve this channel' : REASON_TERMS.serves_channel.zh;
    case 'not_yet_refused':
      return isEnglish ? 'refused the order before' : REASON_TERMS.not_yet_refused.zh;
    case 'same_city':
      return isEnglish ? 'not known to be in the customer’s city' : '不在顾客所在城市，或城市未知';
    case 'same_region':
      return isEnglish ? 'not known to be in the customer’s region' : '不在顾客所在区域，或区域未知';
    default:
      return reason satisfies never;
  }
}

/** Down, never up: a place at 49.6 % is not shown as meeting 50 %. */
const percent = (share = 0): string => `${Math.floor(share * 100 + 1e-9)} %`;
