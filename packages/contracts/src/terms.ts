import type { LocationType } from './catalog.js';
import type { MovementKind } from './movement.js';
import type { LevelBucket, StockStatus } from './stock-level.js';
import type { ReservationState } from './stock-outcome.js';

/** A term of the business in the languages the product speaks; screens and docs take their words from here. */
export interface Term {
  readonly en: string;
  readonly zh: string;
  readonly description: string;
  readonly descriptionZh: string;
}

const term = (en: string, zh: string, description: string, descriptionZh: string): Term => ({
  en,
  zh,
  description,
  descriptionZh,
});

export const STATUS_TERMS: Readonly<Record<StockStatus, Term>> = {
  in_stock: term('In stock', '有货', 'More units than the low mark may be promised', '可承诺数量高于低库存线'),
  low: term('Low', '库存紧张', 'Some units may be promised, no more than the low mark', '可承诺数量不高于低库存线'),
  out: term('Sold out', '缺货', 'Nothing may be promised', '无可承诺数量'),
};

export const LOCATION_TERMS: Readonly<Record<LocationType, Term>> = {
  ecommerce_dc: term(
    'E-commerce warehouse',
    '电子商务标准仓',
    'Kept for online sale; promised to the last piece',
    '专供线上销售，可承诺至最后一件',
  ),
  regional_dc: term(
    'Regional turnover warehouse',
    '区域周转仓',
    'Ships to stores and to customers',
    '向门店及顾客发货',
  ),
  factory_dc: term(
    'Factory warehouse',
    '工厂大仓',
    'Feeds the other places; a stale figure is not promised',
    '为其他仓供货；数据过时则不承诺',
  ),
  store: term(
    'Store',
    '门店',
    'Shop floor and back room; its figure needs a buffer and counts',
    '卖场与后仓；数据需留缓冲并定期盘点',
  ),
  agent: term('Agent', '代理商', 'Stock owned by an agent, used by agreement', '代理商自有库存，按约定使用'),
};

export const STOCK_TERMS: Readonly<Record<LevelBucket | 'available' | 'safetyStock' | 'promisedIncoming', Term>> = {
  available: term('Available', '可售', 'Units a channel may promise now', '渠道此刻可承诺的数量'),
  onHand: term('On hand', '现货库存', 'Units that stand there', '实际在库数量'),
  reserved: term('Reserved', '预占', 'Units promised and not yet shipped', '已承诺、尚未发出的数量'),
  damaged: term('Damaged', '残损', 'Units on hand that cannot be sold', '在库但不可销售的数量'),
  qualityControl: term('In quality control', '质检中', 'Units held until they are inspected', '待检验的数量'),
  incoming: term('Incoming', '在途', 'Units expected and not yet received', '预计到货、尚未入库的数量'),
  promisedIncoming: term(
    'Promised of incoming',
    '在途预占',
    'Units of expected deliveries that are promised already (backorders, presale)',
    '预计到货中已承诺（预售、缺货预订）的数量',
  ),
  safetyStock: term('Safety stock', '安全库存', 'Units kept back and never promised', '预留、不予承诺的数量'),
};

type LotTerm = 'lot' | 'unlotted' | 'expiresOn' | 'receivedAt' | 'expired' | 'serials';
export const LOT_TERMS: Readonly<Record<LotTerm, Term>> = {
  lot: term('Lot', '批次', 'Units made together, under the maker’s name for them', '同批生产的货品，以厂家批号为名'),
  unlotted: term('Without a lot', '无批次', 'Units whose lot nobody told', '未注明批次的数量'),
  expiresOn: term('Use by', '有效期至', 'Last day on which it may be promised', '可承诺的最后一天'),
  receivedAt: term('Received', '入库时间', 'When units of the lot first came here', '该批次首次到达此地的时间'),
  expired: term('Expired', '已过期', 'Units past their last day, never promised', '超过有效期、不予承诺的数量'),
  serials: term('Serial numbers', '序列号', 'One number for each single piece', '每件货品各有其号'),
};

export const MOVEMENT_TERMS: Readonly<Record<MovementKind, Term>> = {
  expect: term('Expected', '预期到货', 'A supplier or a place announced units', '供应商或其他地点已通知将到货'),
  receipt: term('Receipt', '入库', 'Units arrived', '货品到达并入库'),
  sale: term('Sale', '销售', 'Units were sold at a till', '收银台售出'),
  return: term('Return', '退货', 'Units came back into stock', '退回并重新入库'),
  adjustment: term('Adjustment', '调整', 'A correction, up or down', '对数量的增减更正'),
  count: term('Count', '盘点', 'Units were counted; later facts are kept', '实地盘点；盘点后的变动予以保留'),
  damage: term('Damage', '报损', 'Units cannot be sold any more', '货品不再可售'),
  transfer_out: term('Transfer out', '调出', 'Units left for another place', '调往其他地点'),
  transfer_in: term('Transfer in', '调入', 'Units arrived from another place', '自其他地点调入'),
  reserve: term('Reserve', '预占', 'Units are held for an order', '为订单保留数量'),
  release: term('Release', '释放', 'A hold was given back', '取消保留'),
  reduce: term('Reduce', '部分释放', 'Part of a hold was given back', '取消部分保留'),
  commit: term('Commit', '确认', 'The order was paid: the hold stays until it ships', '订单已付款，保留至发货'),
  fulfil: term('Fulfil', '履约出库', 'Held units were handed over', '保留的货品已交付'),
  expire: term('Expire', '到期释放', 'A hold ran out of time', '保留超时自动释放'),
  move: term('Move', '改派', 'A hold moved to another place', '保留转至其他地点'),
  ring_fence: term('Ring-fence', '渠道专留', 'Units are kept for one channel', '为某一渠道专门留存'),
  repair: term('Repair', '账面修复', 'A level was set to the sum of its movements', '将库存数恢复为其全部变动之和'),
};

export const RESERVATION_TERMS: Readonly<Record<ReservationState, Term>> = {
  ACTIVE: term('Active', '已预占', 'Units are held until it expires', '数量已保留，到期前有效'),
  COMMITTED: term('Committed', '已确认', 'Paid; held until it ships', '已付款，保留至发货'),
  FULFILLED: term('Fulfilled', '已履约', 'Handed over; the hold is over', '已交付，保留结束'),
  RELEASED: term('Released', '已释放', 'Given back before it shipped', '发货前已释放'),
  EXPIRED: term('Expired', '已过期', 'Given back because time ran out', '超时后已释放'),
};
