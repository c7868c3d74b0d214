import type { TaskState } from '@shelfline/contracts/order';
import type { OrderEvent, TaskParcel } from '@shelfline/contracts/order-view';
import type { ReturnEvent } from '@shelfline/contracts/return';
import { sayMoney } from '../domain/say-money.js';

export type Language = 'en' | 'zh';
export interface Said {
  /** Name of the place it concerns; empty where it concerns none. */
  readonly place: string;
  readonly event: OrderEvent;
}
type Say = (said: Said) => string;
type Words = Readonly<Record<Language, Say>>;

const pieces = (units = 0): string => (units === 1 ? '1 piece' : `${units} pieces`);
/** Of so many pieces, the verb in the right number. */
const verb = (units: number | undefined, one: string, many: string): string => (units === 1 ? one : many);

/** Of the calendar of UTC, as expectations are told. */
const dayOf = (instant = ''): string => instant.slice(0, 10);

const TASK_STATES: Readonly<Record<TaskState, Readonly<Record<Language, string>>>> = {
  ASSIGNED: { en: 'has it to do', zh: '已分配任务' },
  ACCEPTED: { en: 'accepted', zh: '已接单' },
  PICKING: { en: 'began to pick', zh: '开始拣货' },
  PACKED: { en: 'packed', zh: '已打包' },
  READY_FOR_PICKUP: { en: 'has it ready to be collected', zh: '已备好，待自取' },
  HANDED_OVER: { en: 'handed it over', zh: '已交付顾客' },
  SHIPPED: { en: 'sent it off', zh: '已发出' },
  DELIVERED: { en: 'delivered it', zh: '已送达' },
  RETURNED: { en: 'has it back from the courier', zh: '已收到承运商退回的包裹' },
  REJECTED: { en: 'rejected it', zh: '拒单' },
  TIMED_OUT: { en: 'did not answer in time', zh: '超时未响应' },
  CANCELLED: { en: 'need not do it any more', zh: '任务已取消' },
};
const taskState = ({ event: { taskState: state } }: Said, language: Language): string =>
  state ? TASK_STATES[state][language] : '';

const PARCEL_STEPS: Readonly<Record<TaskParcel['state'], Readonly<Record<Language, string>>>> = {
  labelled: { en: 'The courier gave the parcel a label.', zh: '承运商已出具面单。' },
  label_failed: { en: 'The courier gave the parcel no label.', zh: '承运商未能出具面单。' },
  label_cancelled: { en: 'The label of the parcel was cancelled.', zh: '面单已取消。' },
  collected: { en: 'The courier has the parcel.', zh: '承运商已揽收。' },
  out_for_delivery: { en: 'The parcel is out for delivery.', zh: '包裹正在派送。' },
  delivered: { en: 'The courier delivered the parcel.', zh: '包裹已送达。' },
  failed: { en: 'Nobody was there; the courier tries it again.', zh: '无人签收，将再次派送。' },
  returned: { en: 'The courier brought the parcel back.', zh: '包裹已退回。' },
};

/** Each step that others hear of. A new one is not built before it has its words. */
export const STEP_WORDS: Readonly<Record<OrderEvent['type'], Words>> = {
  held: { en: () => 'The basket is held.', zh: () => '已为购物车预留库存。' },
  placed: { en: () => 'The order was taken.', zh: () => '订单已受理。' },
  line_reserved: {
    en: ({ place, event }) =>
      `${pieces(event.units)} of line ${event.lineId} ${verb(event.units, 'is', 'are')} reserved at ${place}.`,
    zh: ({ place, event }) => `已在 ${place} 为行 ${event.lineId} 预留 ${event.units} 件。`,
  },
  line_refused: {
    en: ({ event }) => `Line ${event.lineId} could not be reserved.`,
    zh: ({ event }) => `行 ${event.lineId} 预留失败。`,
  },
  routed: { en: () => 'Places were chosen.', zh: () => '已选定供货地点。' },
  waiting: { en: () => 'The order waits for stock.', zh: () => '订单等待库存。' },
  task_assigned: { en: ({ place }) => `${place} is to do it.`, zh: ({ place }) => `任务已分配给 ${place}。` },
  task_changed: {
    en: (said) => `${said.place} ${taskState(said, 'en')}.`,
    zh: (said) => `${said.place} ${taskState(said, 'zh')}。`,
  },
  task_moved_on: {
    en: (said) => `${said.place} ${taskState(said, 'en')}; another place is looked for.`,
    zh: (said) => `${said.place} ${taskState(said, 'zh')}，将另寻其他地点。`,
  },
  task_lines_rejected: {
    en: ({ place, event }) =>
      `${place} cannot give ${pieces(event.units)} of line ${event.lineId}; another place is looked for.`,
    zh: ({ place, event }) => `${place} 无法提供行 ${event.lineId} 的 ${event.units} 件，将另寻其他地点。`,
  },
  parcel_changed: {
    en: ({ event: { parcel } }) => (parcel ? PARCEL_STEPS[parcel].en : 'The courier told of the parcel.'),
    zh: ({ event: { parcel } }) => (parcel ? PARCEL_STEPS[parcel].zh : '承运商更新了包裹信息。'),
  },
  appointment_changed: {
    en: ({ place }) =>
      place === '' ? 'The customer does not come to the store any more.' : `The customer comes to ${place}.`,
    zh: ({ place }) => (place === '' ? '顾客已取消到店预约。' : `顾客已预约到 ${place}。`),
  },
  visit_planned: {
    en: ({ place, event }) => `${event.by ?? 'Somebody'} of ${place} brings it.`,
    zh: ({ place, event }) => `由 ${place} 的 ${event.by ?? '店员'} 送货上门。`,
  },
  cancelled: {
    en: ({ event }) => `${pieces(event.units)} of line ${event.lineId} ${verb(event.units, 'was', 'were')} cancelled.`,
    zh: ({ event }) => `行 ${event.lineId} 取消 ${event.units} 件。`,
  },
  completed: { en: () => 'The order is complete.', zh: () => '订单已完成。' },
  handover_opened: {
    en: ({ place }) => `It waits at ${place}; the customer has a code to collect it.`,
    zh: ({ place }) => `商品在 ${place} 待取，顾客已获得取货码。`,
  },
  handover_refused: {
    en: ({ place, event }) =>
      `A wrong code was shown at ${place}; ${event.triesLeft === 1 ? '1 try is' : `${event.triesLeft ?? 0} tries are`} left.`,
    zh: ({ place, event }) => `在 ${place} 出示的取货码有误，还可尝试 ${event.triesLeft ?? 0} 次。`,
  },
  handover_code_renewed: { en: () => 'The customer has a new code.', zh: () => '已为顾客生成新的取货码。' },
  handover_without_code: {
    en: ({ place }) => `${place} may hand it over without a code.`,
    zh: ({ place }) => `允许 ${place} 免码交付。`,
  },
  pickup_reminded: { en: () => 'The customer is to be reminded to collect it.', zh: () => '已提醒顾客前来取货。' },
  backordered: {
    en: ({ place, event }) =>
      `${pieces(event.units)} of line ${event.lineId} ${verb(event.units, 'is', 'are')} promised of what is on its way to ${place}.`,
    zh: ({ place, event }) => `行 ${event.lineId} 的 ${event.units} 件已从发往 ${place} 的在途库存中承诺。`,
  },
  backorder_arrived: {
    en: ({ place, event }) =>
      `${pieces(event.units)} of line ${event.lineId} came in at ${place} and ${verb(event.units, 'is', 'are')} reserved.`,
    zh: ({ place, event }) => `行 ${event.lineId} 的 ${event.units} 件已到达 ${place} 并完成预留。`,
  },
  backorder_replaced: {
    en: ({ place, event }) =>
      `${pieces(event.units)} of line ${event.lineId} ${verb(event.units, 'comes', 'come')} from ${place}, sooner than the delivery ${verb(event.units, 'it was', 'they were')} promised of; that promise was given back.`,
    zh: ({ place, event }) =>
      `行 ${event.lineId} 的 ${event.units} 件改由 ${place} 供应，早于原承诺的在途到货；原在途承诺已释放。`,
  },
  backorder_redated: {
    en: ({ place, event }) =>
      event.expectedAt === undefined
        ? `When ${pieces(event.units)} of line ${event.lineId} ${verb(event.units, 'comes', 'come')} to ${place} is not known any more; ${verb(event.units, 'it was', 'they were')} expected to leave on ${dayOf(event.formerlyExpectedAt)}.`
        : `${pieces(event.units)} of line ${event.lineId} ${verb(event.units, 'is', 'are')} expected to leave ${place} on ${dayOf(event.expectedAt)}; ${event.formerlyExpectedAt === undefined ? 'before, nobody had told a day' : `before, it was ${dayOf(event.formerlyExpectedAt)}`}.`,
    zh: ({ place, event }) =>
      event.expectedAt === undefined
        ? `行 ${event.lineId} 的 ${event.units} 件到达 ${place} 的日期现已无法确定，原预计 ${dayOf(event.formerlyExpectedAt)} 发出。`
        : `行 ${event.lineId} 的 ${event.units} 件现预计 ${dayOf(event.expectedAt)} 从 ${place} 发出，${event.formerlyExpectedAt === undefined ? '此前未告知日期' : `原为 ${dayOf(event.formerlyExpectedAt)}`}。`,
  },
  backorder_fell_short: {
    en: ({ place, event }) =>
      `${pieces(event.units)} of line ${event.lineId} that ${place} waited for ${verb(event.units, 'does', 'do')} not come.`,
    zh: ({ place, event }) => `${place} 等待的行 ${event.lineId} 的 ${event.units} 件将不会到货。`,
  },
  credit_held: { en: () => 'The buyer’s credit is held for it.', zh: () => '已为该订单占用买方信用额度。' },
  credit_refused: { en: () => 'The buyer’s credit does not suffice.', zh: () => '买方信用额度不足。' },
  credit_unavailable: {
    en: () => 'Nobody could be asked about the buyer’s credit; it is asked again.',
    zh: () => '暂时无法查询买方信用，将再次查询。',
  },
  changed: { en: () => 'The order was changed.', zh: () => '订单已修改。' },
  amount_changed: {
    en: ({ event: { amountMinor = 0, currency = 'XXX' } }) =>
      amountMinor < 0
        ? `The channel is to pay ${sayMoney(-amountMinor, currency, 'en')} back.`
        : `The channel is to charge ${sayMoney(amountMinor, currency, 'en')} more.`,
    zh: ({ event: { amountMinor = 0, currency = 'XXX' } }) =>
      amountMinor < 0
        ? `销售渠道应退还 ${sayMoney(-amountMinor, currency, 'zh')}。`
        : `销售渠道应补收 ${sayMoney(amountMinor, currency, 'zh')}。`,
  },
  customer_erased: {
    en: () => 'The customer was taken out of the order.',
    zh: () => '已从订单中删除顾客个人信息。',
  },
  transfer_requested: {
    en: ({ place }) => `${place} is to send it to the store where it is collected.`,
    zh: ({ place }) => `已请 ${place} 调拨至自提门店。`,
  },
  transfer_shipped: {
    en: ({ place, event }) => `${pieces(event.units)} of line ${event.lineId} left ${place} for the store.`,
    zh: ({ place, event }) => `行 ${event.lineId} 的 ${event.units} 件已从 ${place} 发往门店。`,
  },
  transfer_late: {
    en: ({ place, event }) => `What ${place} is to send of line ${event.lineId} is late.`,
    zh: ({ place, event }) => `${place} 应调拨的行 ${event.lineId} 已逾期。`,
  },
  transfer_lost: {
    en: ({ place, event }) =>
      `${pieces(event.units)} of line ${event.lineId} from ${place} ${verb(event.units, 'does', 'do')} not come.`,
    zh: ({ place, event }) => `来自 ${place} 的行 ${event.lineId} 的 ${event.units} 件将不会到货。`,
  },
  transfer_arrived: {
    en: ({ place, event }) =>
      `${pieces(event.units)} of line ${event.lineId} ${verb(event.units, 'has', 'have')} come to ${place}.`,
    zh: ({ place, event }) => `行 ${event.lineId} 的 ${event.units} 件已到达 ${place}。`,
  },
  task_escalated: {
    en: ({ place, event }) =>
      event.level === 'manager' ? `The manager of ${place} was told.` : `${place} was reminded.`,
    zh: ({ place, event }) => (event.level === 'manager' ? `已通知 ${place} 的店长。` : `已提醒 ${place}。`),
  },
};

type SayReturn = (returnId: string, units: number, place: string) => string;
export const RETURN_WORDS: Readonly<Record<ReturnEvent['type'], Readonly<Record<Language, SayReturn>>>> = {
  requested: {
    en: (id, units) => `${pieces(units)} ${verb(units, 'is', 'are')} to come back (${id}).`,
    zh: (id, units) => `申请退回 ${units} 件（${id}）。`,
  },
  held: {
    en: (id) => `The return ${id} waits for head office.`,
    zh: (id) => `退货 ${id} 等待总部审批。`,
  },
  approved: { en: (id) => `Head office let the return ${id} go on.`, zh: (id) => `总部已批准退货 ${id}。` },
  received: {
    en: (id, units, place) => `${pieces(units)} came back to ${place} (${id}).`,
    zh: (id, units, place) => `${place} 收到退回 ${units} 件（${id}）。`,
  },
  inspected: {
    en: (id, units, place) => `${place} inspected ${pieces(units)} (${id}).`,
    zh: (id, units, place) => `${place} 已检验 ${units} 件（${id}）。`,
  },
  disposed: {
    en: (id, units, place) =>
      `${place} put ${pieces(units)} where ${verb(units, 'it belongs', 'they belong')} (${id}).`,
    zh: (id, units, place) => `${place} 已处置 ${units} 件（${id}）。`,
  },
  cancelled: { en: (id) => `The return ${id} ended.`, zh: (id) => `退货 ${id} 已取消。` },
};

export const ROUTING_WORDS: Readonly<Record<Language, string>> = {
  en: 'Where it is to come from was decided.',
  zh: '已决定供货地点。',
};
export const REFUSED_WORDS: Readonly<Record<Language, string>> = {
  en: 'Something was asked and refused; nothing changed.',
  zh: '收到的请求被拒绝，未作任何更改。',
};

/** Reasons that the software gives itself; whatever people wrote stays as it is. */
const REASONS: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  cancelled: { en: 'the order was cancelled', zh: '订单已取消' },
  kept_long_enough: { en: 'it was kept long enough', zh: '已超过保存期限' },
  hold_expired: { en: 'it was held long enough', zh: '预留已到期' },
  no_stock: { en: 'no place can serve it now', zh: '目前没有地点可供应' },
  out_of_stock: { en: 'no place can serve it now', zh: '目前没有地点可供应' },
  store_refused: {
    en: 'its store did not take it, and no other place can bring it there; it is tried again when goods come in or are counted',
    zh: '取货门店拒单，且无其他地点可调拨；到货或盘点后将再次尝试',
  },
  store_silent: {
    en: 'its store did not answer, and no other place can serve it; the store is asked again',
    zh: '取货门店未响应，且无其他地点可供应；将再次向该门店派单',
  },
  waited_too_long: { en: 'nobody had it for too long', zh: '等待过久仍无货' },
  too_many_tasks: {
    en: 'it went to too many places, or was brought too often, in turn; cancel it and place another order',
    zh: '已依次派往过多地点或多次调拨未果；请取消并重新下单',
  },
  part_only: { en: 'only a part can be had', zh: '只能供应一部分' },
  not_accepted_in_time: { en: 'not accepted in time', zh: '未按时接单' },
  not_picked_in_time: { en: 'not picked in time', zh: '未按时拣货' },
  not_collected: { en: 'not collected', zh: '顾客未取货' },
  sold_meanwhile: { en: 'sold meanwhile', zh: '期间已售出' },
  reservation_had_ended: { en: 'the reservation had ended', zh: '预留已失效' },
};
export const sayReason = (reason: string, language: Language): string => REASONS[reason]?.[language] ?? reason;
