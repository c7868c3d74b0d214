export type Language = 'en' | 'zh';

/** Every text of the page, both languages side by side so that none can be forgotten. */
export const TEXTS = {
  title: ['Live stock', '实时库存'],
  hint: ['What every shop and warehouse can promise, this moment.', '所有门店与仓库此刻可承诺的库存。'],
  search: ['Search name, SKU or barcode', '搜索名称、SKU 或条码'],
  region: ['Region', '区域'],
  allRegions: ['All regions', '全部区域'],
  active: ['Most active first', '按活跃度排序'],
  product: ['Product', '商品'],
  trend: ['Last minutes', '近几分钟'],
  connecting: ['Connecting…', '连接中…'],
  live: ['Live', '实时'],
  waiting: ['Reconnecting – figures may be old', '重新连接中——数字可能已过时'],
  refused: ['Not signed in', '未登录'],
  closed: ['Closed', '已关闭'],
  latency: ['shown after', '显示延迟'],
  latencyHelp: [
    'From the till’s record to this screen, by this device’s clock: median and 99th percentile of the latest updates.',
    '从收银记录到本屏幕的时间（以本设备时钟为准）：最近更新的中位数与 99 百分位。',
  ],
  updates: ['updates/s', '次更新/秒'],
  loading: ['Loading products…', '正在加载商品…'],
  empty: ['Nothing matches. Try fewer letters, or part of the SKU.', '没有匹配的商品。请减少输入，或输入部分 SKU。'],
  failed: ['The product list could not be loaded.', '无法加载商品列表。'],
  signInFailed: [
    'Sign-in is not set up here: the server gives no development token. Open the page with a token, or start the server for development.',
    '此处未设置登录：服务器不提供开发令牌。请携带令牌打开页面，或以开发模式启动服务器。',
  ],
  retry: ['Try again', '重试'],
  unknown: ['No figure yet', '暂无数据'],
  tryIt: ['Try it', '试一试'],
  tryHint: [
    'Send a stock delta as an integrator would, and watch the figure move.',
    '像集成商一样发送一条库存变动，观察数字变化。',
  ],
  sellOne: ['Sell 1', '售出 1 件'],
  receiveTen: ['Receive 10', '入库 10 件'],
  at: ['at', '于'],
  choose: ['Choose a product in the list', '请在列表中选择商品'],
  sent: ['Accepted – watch the figure', '已接受——请观察数字'],
  rejected: ['Refused', '被拒绝'],
  language: ['中文', 'English'],
  products: ['products', '个商品'],
} as const satisfies Record<string, readonly [en: string, zh: string]>;
export type TextKey = keyof typeof TEXTS;

const KEY = 'shelfline.language';

export function preferredLanguage(stored: string | null, browser: string): Language {
  if (stored === 'en' || stored === 'zh') return stored;
  return browser.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export const readLanguage = (): Language => preferredLanguage(localStorage.getItem(KEY), navigator.language);
export const storeLanguage = (language: Language): void => localStorage.setItem(KEY, language);

export const textIn =
  (language: Language) =>
  (key: TextKey): string =>
    TEXTS[key][language === 'en' ? 0 : 1];
