/** Texts of the checkout, both languages side by side. */
export const CHECKOUT_TEXTS = {
  checkout: ['Basket and checkout', '购物车与结账'],
  checkoutHint: [
    'Order as a customer would, and follow the order live. Development only: in a shop its own server places the order.',
    '像顾客一样下单并实时跟踪订单。仅供开发：正式商城由其服务器下单。',
  ],
  basketEmpty: [
    'The basket is empty. Choose a product in the list and add it.',
    '购物车为空。请在列表中选择商品并加入。',
  ],
  addToBasket: ['Add {name}', '加入 {name}'],
  units: ['Quantity of {name}', '{name} 的数量'],
  removeFromBasket: ['Remove {name}', '移除 {name}'],
  canBePromised: ['{count} available', '可售 {count} 件'],
  noneNow: ['None available now: it would wait for stock.', '目前无货，需等待到货。'],
  tooFew: ['Only {count} available now: the rest would wait for stock.', '目前仅可售 {count} 件，其余需等待到货。'],
  method: ['How you get it', '收货方式'],
  offersSoon: ['Asking how you can get it…', '正在查询收货方式…'],
  offersNone: [
    'The basket as it is cannot be had in any way now. Take something out, fewer of it, or another city.',
    '目前无法以任何方式提供整个购物车。请减少商品或数量，或更换城市。',
  ],
  mostUnits: ['At most {count} of one product in one order.', '每种商品每单最多 {count} 件。'],
  offersFailed: [
    'The ways to get it could not be fetched ({reason}). They are asked for again by themselves.',
    '无法取得收货方式（{reason}），系统会自动重试。',
  ],
  chooseOffer: ['Choose how you get it.', '请选择收货方式。'],
  notThereYet: ['Ordered ahead.', '预售。'],
  recipient: ['Name', '收件人'],
  address: ['Street and number', '街道地址'],
  city: ['City', '城市'],
  placeOrder: ['Place the order', '提交订单'],
  orderRefused: ['The order was not taken: {reason}', '订单未被接受：{reason}'],
  orderUncertain: [
    'No answer came ({reason}). Press again: it is the same order and is not taken twice.',
    '没有收到答复（{reason}）。请再次提交：仍是同一订单，不会重复下单。',
  ],
  orderTaken: ['Order {id}', '订单 {id}'],
  orderUntracked: [
    'It is taken, but this server makes no tracking links (TRACKING_KEYS is not set), so it cannot be followed here.',
    '订单已接受，但此服务器不生成跟踪链接（未设置 TRACKING_KEYS），无法在此跟踪。',
  ],
  orderSoon: ['Finding out where it comes from…', '正在安排发货地点…'],
  parcelNow: ['Parcel {number}: {state}', '包裹 {number}：{state}'],
  parcelNumber: ['Parcel number {tracking}', '快递单号 {tracking}'],
  collectAt: ['Collect it at {store}', '请到 {store} 自提'],
  arrivesBy: [
    'It is being brought to the store, and is expected to be ready on {day}.',
    '正在调拨到店，预计 {day} 可以自提。',
  ],
  linesCancelled: ['{count} units cancelled', '已取消 {count} 件'],
  linesAwaited: [
    '{count} units are promised of a delivery that is on its way; nobody has told when it comes.',
    '{count} 件已由在途货品预订，到货时间尚未告知。',
  ],
  linesAwaitedUntil: [
    '{count} units are promised of a delivery that is on its way; they are expected to leave on {day}.',
    '{count} 件已由在途货品预订，预计 {day} 发出。',
  ],
  ownBasket: ['Order a basket of this page instead', '改为订购本页购物篮'],
  newOrder: ['Another order', '再下一单'],
} as const satisfies Record<string, readonly [en: string, zh: string]>;
