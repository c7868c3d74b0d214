import type { FulfilmentMethod, OrderState, TaskState } from './order.js';
import type { Term } from './terms.js';

export const TASK_STATE_TERMS: Readonly<Record<TaskState, Pick<Term, 'en' | 'zh'>>> = {
  ASSIGNED: { en: 'New', zh: '待接单' },
  ACCEPTED: { en: 'Accepted', zh: '已接单' },
  PICKING: { en: 'Picking', zh: '拣货中' },
  PACKED: { en: 'Packed', zh: '已打包' },
  READY_FOR_PICKUP: { en: 'Ready for pickup', zh: '待自提' },
  HANDED_OVER: { en: 'Handed over', zh: '已交付' },
  SHIPPED: { en: 'Shipped', zh: '已发货' },
  DELIVERED: { en: 'Delivered', zh: '已送达' },
  RETURNED: { en: 'Came back', zh: '退回寄件方' },
  REJECTED: { en: 'Rejected', zh: '已拒单' },
  TIMED_OUT: { en: 'Timed out', zh: '已超时' },
  CANCELLED: { en: 'Cancelled', zh: '已取消' },
};

export const METHOD_TERMS: Readonly<Record<FulfilmentMethod, Pick<Term, 'en' | 'zh'>>> = {
  courier: { en: 'Courier', zh: '快递' },
  same_city: { en: 'Same-city delivery', zh: '同城配送' },
  pickup: { en: 'Pickup in store', zh: '到店自提' },
  guide_visit: { en: 'Brought by a guide', zh: '导购上门' },
  carry_out: { en: 'Taken along', zh: '当场带走' },
};

export const ORDER_STATE_TERMS: Readonly<Record<OrderState, Pick<Term, 'en' | 'zh'>>> = {
  RESERVING: { en: 'Being reserved', zh: '预占中' },
  HELD: { en: 'Held in a basket', zh: '购物篮保留中' },
  WAITING: { en: 'Waiting for stock', zh: '等待到货' },
  ARRIVING: { en: 'On its way to the store', zh: '调拨到店途中' },
  ROUTED: { en: 'Passed to a store or warehouse', zh: '已派单' },
  IN_FULFILMENT: { en: 'Being prepared', zh: '履约中' },
  COMPLETED: { en: 'Completed', zh: '已完成' },
  PARTIALLY_COMPLETED: { en: 'Partly completed', zh: '部分完成' },
  ENDED: { en: 'Basket ended, never ordered', zh: '购物篮已结束，未下单' },
  CANCELLED: { en: 'Cancelled', zh: '已取消' },
};
