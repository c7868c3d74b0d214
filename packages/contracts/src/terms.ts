import type { LocationType } from './catalog.js';
import type { StockStatus } from './stock-level.js';

/** A term of the business in the languages the product speaks; screens and docs take their words from here. */
export interface Term {
  readonly en: string;
  readonly zh: string;
  readonly description: string;
}

export const STATUS_TERMS: Readonly<Record<StockStatus, Term>> = {
  in_stock: { en: 'In stock', zh: '有货', description: 'More units may be promised than the low mark' },
  low: { en: 'Low', zh: '库存紧张', description: 'Units may be promised, but no more than the low mark' },
  out: { en: 'Sold out', zh: '缺货', description: 'Nothing may be promised' },
};

export const LOCATION_TERMS: Readonly<Record<LocationType, Term>> = {
  ecommerce_dc: {
    en: 'E-commerce warehouse',
    zh: '电子商务标准仓',
    description: 'Kept for online sale; promised to the last piece',
  },
  regional_dc: { en: 'Regional turnover warehouse', zh: '区域周转仓', description: 'Ships to stores and to customers' },
  factory_dc: {
    en: 'Factory warehouse',
    zh: '工厂大仓',
    description: 'Feeds the others; a stale figure is not promised',
  },
  store: { en: 'Store', zh: '门店', description: 'Shop floor and back room; its figure needs a buffer and counts' },
  agent: { en: 'Agent', zh: '代理商', description: 'Stock owned by an agent, used by agreement' },
};

export const STOCK_TERMS = {
  available: { en: 'Available', zh: '可售', description: 'Units a channel may promise' },
  onHand: { en: 'On hand', zh: '现货库存', description: 'Units that stand there' },
  reserved: { en: 'Reserved', zh: '预占', description: 'Units promised and not yet shipped' },
  incoming: { en: 'Incoming', zh: '在途', description: 'Units expected' },
  safetyStock: { en: 'Safety stock', zh: '安全库存', description: 'Units kept back' },
} as const satisfies Record<string, Term>;
