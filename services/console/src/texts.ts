import { CART_TEXTS } from './cart-texts.js';
import { CHECKOUT_TEXTS } from './checkout-texts.js';
import { INBOX_TEXTS } from './inbox-texts.js';
import { RETURNS_TEXTS } from './returns-texts.js';
import { ROUND_TEXTS } from './round-texts.js';
import { TRACK_TEXTS } from './track-texts.js';
import { TRANSFERS_TEXTS } from './transfers-texts.js';

/** Every text of the page, both languages side by side so that none can be forgotten. `{x}` is filled in. */
export const TEXTS = {
  title: ['Live stock', '实时库存'],
  hint: ['What every shop and warehouse can promise, this moment.', '所有门店与仓库此刻可承诺的库存。'],
  noPageTitle: ['No such page', '页面不存在'],
  noPageHint: ['There is nothing at this address.', '此网址没有内容。'],
  noPageHappened: ['There is no page at {path}.', '网址 {path} 没有页面。'],
  noPageMeans: ['The address was mistyped, or a link is out of date.', '网址输入有误，或链接已过期。'],
  noPageDo: [
    'Go on to one of these. An order is followed by the whole link that the shop sent.',
    '请前往以下页面。查看订单请使用商家发送的完整链接。',
  ],
  apiDocs: ['REST interface', 'REST 接口'],
  apiDocsHint: ['For systems: every address, with its fields.', '供系统对接：全部地址及字段。'],
  language: ['中文', 'English'],
  languageLabel: ['以中文显示', 'Show in English'],
  search: ['Search name, SKU or barcode', '搜索名称、SKU 或条码'],
  channel: ['Channel', '渠道'],
  region: ['Region', '区域'],
  allRegions: ['All regions', '全部区域'],
  order: ['Order', '排序'],
  active: ['Most active now', '当前最活跃'],
  bySku: ['By SKU', '按 SKU'],
  product: ['Product', '商品'],
  trend: ['Last minutes', '最近几分钟'],
  status: ['Status', '状态'],
  list: ['Products and their live stock', '商品及实时库存'],
  shownOne: ['One product listed', '列表中有一个商品'],
  shown: ['{count} products listed', '列表中有 {count} 个商品'],
  shownMore: [
    'First {count} products listed; more follow as you scroll',
    '列表中为前 {count} 个商品，向下滚动加载更多',
  ],
  shownActive: [
    'First {count} products listed, the most active ones on top',
    '列表中为前 {count} 个商品，最活跃的在最前',
  ],
  loadingMore: ['Loading more…', '正在加载更多…'],
  noAnswer: ['The server was not reached. Check the network of this device.', '无法连接服务器，请检查本设备的网络。'],
  listFailed: [
    'This cannot be shown. {reason} It is asked for again by itself.',
    '暂时无法显示。{reason}系统会自动重试。',
  ],
  listOld: [
    'This was true at {time} and may be old. {reason} It is asked for again by itself.',
    '以下为 {time} 的情况，可能已过期。{reason}系统会自动重试。',
  ],
  moreFailed: ['More products could not be loaded.', '无法加载更多商品。'],
  loading: ['Loading products', '正在加载商品'],
  unknown: ['No figure yet', '暂无数据'],
  unit: ['units', '件'],
  rose: ['rose by {count}', '增加 {count}'],
  fell: ['fell by {count}', '减少 {count}'],

  connection: ['Connection', '连接'],
  connecting: ['Connecting…', '连接中…'],
  live: ['Live', '实时'],
  waiting: ['Reconnecting…', '重新连接中…'],
  refused: ['Not signed in', '未登录'],
  closed: ['Closed', '已关闭'],
  staleSince: ['figures as of {time}', '数据截至 {time}'],
  latency: ['Change to screen', '变动到屏幕'],
  latencyWorst: ['p99 {ms} ms', 'p99 {ms} 毫秒'],
  milliseconds: ['ms', '毫秒'],
  clocksDiffer: ['clocks differ', '时钟不一致'],
  updates: ['Updates / s', '每秒更新'],
  watched: ['Received live here', '本页实时接收'],
  watchedProducts: ['products', '个商品'],
  quiet: [
    'No figure has changed for half a minute: nobody sells. Choose a product and open “Try it” below to sell one, or have the tills replayed again: npm start -- --fresh.',
    '半分钟内没有数字变化：没有人在销售。请选择商品，打开下方“试一试”售出一件，或用 npm start -- --fresh 重新回放收银数据。',
  ],

  help: ['What the columns mean', '各列说明'],
  close: ['Close', '关闭'],
  helpTrend: [
    'Available units over the last five minutes, or since this page was opened.',
    '最近五分钟（或自打开本页以来）的可售数量。',
  ],
  helpAvailable: [
    'The number flashes red when it falls and green when it rises; beside it stands by how much.',
    '数量减少时闪红，增加时闪绿，旁边显示变化量。',
  ],
  helpLatency: [
    'From the moment a change was recorded to its arrival here: the middle value (p50) and the slowest of a hundred (p99), over the last minute. It compares the server’s clock with this device’s, so it is right only when both are in sync.',
    '从变动被记录到抵达本页的时间：最近一分钟的中位数（p50）与百次中最慢者（p99）。该值比较服务器与本设备的时钟，仅在两者同步时准确。',
  ],
  helpWatched: [
    'So many products send their changes to this page now: those on the screen and around it, for ten seconds more those that were, and with “most active now” up to 1,500, since it has to see all it orders. How many products are listed stands below the list.',
    '此刻向本页发送变动的商品数：屏幕上及其附近的商品、刚离开屏幕十秒内的商品；选择“当前最活跃”时最多 1,500 个，因为要比较全部才能排序。列表中的商品数见列表末尾。',
  ],
  helpActive: [
    'Puts the products first that changed most in the last seconds. The order holds still while you point at the list.',
    '最近数秒变化最多的商品排在最前。指针停留在列表上时顺序保持不变。',
  ],

  signInHappened: ['Nobody is signed in here.', '此处尚未登录。'],
  signInMeans: [
    'Sign-in is not set up on this address: the server hands out no development token, or it refused the one given. Without one no stock is shown.',
    '此地址未设置登录：服务器不发放开发令牌，或拒绝了所给的令牌。没有令牌便无法显示库存。',
  ],
  signInDo: [
    'Open the page with #token=… at the end of its address, or start the server for development with npm start.',
    '请在网址末尾加上 #token=… 打开本页，或用 npm start 以开发模式启动服务器。',
  ],
  catalogueHappened: ['The product list does not answer.', '商品列表没有响应。'],
  catalogueMeans: [
    'Names and search are missing. Stock is kept elsewhere and is not affected.',
    '暂时无法显示名称和搜索。库存保存在别处，不受影响。',
  ],
  catalogueDo: ['It is asked again every 10 seconds; or ask now.', '每 10 秒会自动重试，也可立即重试。'],
  noMatchHappened: ['Nothing matches “{search}”.', '没有与“{search}”匹配的商品。'],
  noMatchMeans: [
    'The search compares the beginnings of words, SKU and barcode, and any part of Chinese names.',
    '搜索会比对单词、SKU 与条码的开头，以及中文名称的任意部分。',
  ],
  noMatchDo: ['Type fewer letters, or clear the search.', '请减少输入，或清除搜索。'],
  noProductsHappened: ['There are no products yet.', '还没有商品。'],
  noProductsMeans: ['The catalogue is empty: nothing was imported so far.', '商品目录为空：尚未导入任何内容。'],
  noProductsDo: [
    'While the sample is being loaded this takes a minute. Or import your own: POST /api/connect/imports?kind=products.',
    '若正在加载示例数据，请稍候一分钟。也可自行导入：POST /api/connect/imports?kind=products。',
  ],
  refusedHappened: ['The server does not send this stock.', '服务器不发送此库存。'],
  refusedDo: ['Choose another channel or region, or sign in again.', '请选择其他渠道或区域，或重新登录。'],
  retry: ['Try again', '重试'],
  clearSearch: ['Clear the search', '清除搜索'],

  tryIt: ['Try it', '试一试'],
  tryHint: [
    'Send a stock change as a till or a warehouse would, and watch the figure move on every screen. Development only.',
    '像收银台或仓库一样发送一条库存变动，看所有屏幕上的数字变化。仅供开发。',
  ],
  tryChoose: ['Choose a product in the list first.', '请先在列表中选择商品。'],
  place: ['Place', '地点'],
  hasStock: ['Has stock', '有库存'],
  sellOne: ['Sell 1', '售出 1 件'],
  receiveTen: ['Receive 10', '入库 10 件'],
  sent: ['Accepted. Watch the figure.', '已接受，请看数字变化。'],
  notSent: ['Refused: {reason}', '被拒绝：{reason}'],
  curl: ['The same with curl', '用 curl 实现'],
  copy: ['Copy', '复制'],
  copied: ['Copied', '已复制'],
  ...INBOX_TEXTS,
  ...CHECKOUT_TEXTS,
  ...CART_TEXTS,
  ...TRACK_TEXTS,
  ...RETURNS_TEXTS,
  ...ROUND_TEXTS,
  ...TRANSFERS_TEXTS,
} as const satisfies Record<string, readonly [en: string, zh: string]>;
export type TextKey = keyof typeof TEXTS;
