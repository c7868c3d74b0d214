import type { CollectionWay } from '@shelfline/contracts/delivery-terms';
import type { FulfilmentMethod } from '@shelfline/contracts/order';
import { sayMoney } from '../say-money.js';
import type { NoOffer, NoOfferReason, Offer } from './make-offers.js';

export type Language = 'en' | 'zh';
type Said = Readonly<Record<Language, string>>;

const METHODS: Readonly<Record<FulfilmentMethod, Said>> = {
  courier: { en: 'By courier', zh: '快递配送' },
  same_city: { en: 'By same-city rider', zh: '同城配送' },
  pickup: { en: 'To collect', zh: '到店自提' },
  guide_visit: { en: 'Brought by a guide', zh: '导购上门' },
  carry_out: { en: 'To carry out', zh: '现场带走' },
};
const WAYS: Readonly<Record<CollectionWay, Said>> = {
  counter: { en: 'over the counter', zh: '柜台领取' },
  kerbside: { en: 'at the kerb, brought to the car', zh: '路边领取，送至车旁' },
  locker: { en: 'from a locker', zh: '自提柜领取' },
};
/** One who collects goes once, whatever lies where. */
const BROUGHT: Said = { en: ', brought to the store first', zh: '，需先调拨到店' };
const REASONS: Readonly<Record<NoOfferReason, Said>> = {
  no_destination: { en: 'tell where it goes to have it delivered', zh: '请填写收货地' },
  no_store: { en: 'tell which store you are in', zh: '请注明所在门店' },
  closed: { en: 'the store is closed now', zh: '门店目前未营业' },
  out_of_stock: { en: 'no place that could serve it this way has it now', zh: '目前没有可按此方式供应的地点有货' },
  part_only: { en: 'only a part of it is there', zh: '目前仅有部分货品' },
  no_terms: { en: 'it is not offered here in this currency', zh: '此处不以该币种提供' },
  day_unknown: {
    en: 'it is on its way, and nobody can tell now when it comes',
    zh: '货品在途，目前无法告知到货时间',
  },
  no_promise: { en: 'no time can be promised for it', zh: '目前无法承诺时间' },
};

/** One offer in a sentence; `nameOf` gives the name a place is known by. */
export function sayOffer(
  offer: Offer,
  currency: string,
  language: Language,
  nameOf: (location: string) => string,
): string {
  const { method, collection, store, earliestMs, latestMs, timeZone, parcels } = offer;
  // What is on its way may come in another year.
  const withYear = offer.isFromIncoming ?? false;
  const [from, until] = [earliestMs, latestMs].map((ms) => sayMoment(ms, { timeZone, language, withYear }));
  const fee = sayFee(offer.feeMinor, currency, language);
  const place = store === undefined ? '' : nameOf(store);
  const name = METHODS[method][language];
  const way = collection ? WAYS[collection][language] : '';
  const brought = offer.isAfterTransfer ? BROUGHT[language] : '';
  const arrives = sayArrival(offer, language);
  if (language === 'zh') {
    const head = [name, place, way].filter(Boolean).join('，');
    const time = method === 'carry_out' ? '即刻' : `${arrives}预计 ${from} 至 ${until}`;
    return `${head}：${time}，${fee}${brought}${parcels.length > 1 && !brought ? `，分 ${parcels.length} 个包裹` : ''}。`;
  }
  const head = [name, ...(place ? [`at ${place}`] : []), ...(way ? [way] : [])].join(' ');
  const time = method === 'carry_out' ? 'now' : `${arrives}between ${from} and ${until}`;
  return `${head}: ${time}, ${fee}${brought}${parcels.length > 1 && !brought ? `, in ${parcels.length} parcels` : ''}.`;
}

/** What is not there yet is never told as if it were. */
function sayArrival({ parcels, timeZone }: Offer, language: Language): string {
  const arrivals = parcels.flatMap(({ arrivesAtMs }) => (arrivesAtMs === undefined ? [] : [arrivesAtMs]));
  if (arrivals.length === 0) return '';
  const last = sayMoment(Math.max(...arrivals), { timeZone, language, withYear: true });
  if (arrivals.length === parcels.length)
    return language === 'zh' ? `货品 ${last} 到货，之后` : `arrives at the shop on ${last}, then `;
  return language === 'zh'
    ? `部分有货，其余 ${last} 到货，`
    : `a part is there, the rest arrives at the shop on ${last}: `;
}

export const sayNoOffer = ({ method, reason }: NoOffer, language: Language): string =>
  language === 'zh'
    ? `${METHODS[method].zh}：${REASONS[reason].zh}。`
    : `${METHODS[method].en}: not possible, ${REASONS[reason].en}.`;

const formats = new Map<string, Intl.DateTimeFormat>();
interface MomentWords {
  readonly timeZone: string;
  readonly language: Language;
  readonly withYear: boolean;
}
function sayMoment(ms: number, words: MomentWords): string {
  const key = `${words.language}|${words.withYear}|${words.timeZone}`;
  let format = formats.get(key);
  if (!format) {
    if (formats.size >= 1000) formats.clear();
    formats.set(key, (format = momentFormat(words)));
  }
  return format.format(ms);
}

/** By UTC where nobody knows the zone, as opening hours are read. */
function momentFormat({ timeZone, language, withYear }: MomentWords): Intl.DateTimeFormat {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
  const parts: Intl.DateTimeFormatOptions = {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    ...(withYear ? { year: 'numeric' } : {}),
  };
  try {
    return new Intl.DateTimeFormat(locale, { ...parts, timeZone });
  } catch {
    return new Intl.DateTimeFormat(locale, { ...parts, timeZone: 'UTC' });
  }
}

function sayFee(minor: number, currency: string, language: Language): string {
  if (minor === 0) return language === 'zh' ? '免费' : 'free';
  return sayMoney(minor, currency, language);
}
