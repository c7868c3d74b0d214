/** Texts of today's round, both languages side by side. */
export const ROUND_TEXTS = {
  tabRound: ['Today’s round', '今日路线'],
  roundTitle: ['Today’s round', '今日路线'],
  roundSoon: ['Working out the round…', '正在规划路线…'],
  roundNone: ['Nothing is to be brought today.', '今天没有需要送货上门的订单。'],
  roundNoneMeans: [
    'Same-city orders and visits come here when they are packed, in the order in which to go.',
    '同城配送与导购上门订单打包后会按建议顺序显示在此。',
  ],
  roundOf: ['{count} stops, {way} there and back', '{count} 站，往返 {way}'],
  roundWho: ['Who goes', '配送人'],
  roundEverybody: ['Everybody', '全部'],
  roundFailed: ['The round could not be worked out.', '无法规划路线。'],
  roundFailedDo: [
    'It is asked for again by itself. What is packed can be seen under “Orders” meanwhile.',
    '系统会自动重试。期间可在“订单”中查看已打包的订单。',
  ],
  stopArrives: ['There about {time}, {way} from the stop before', '约 {time} 到达，距上一站 {way}'],
  stopNowhere: [
    'Its address is nowhere on the map, so it comes last: look where it lies and go when it is on the way.',
    '地址无法在地图上定位，因此排在最后：请自行查看位置，顺路时送达。',
  ],
  stopLate: ['Late by {late}.', '将迟到{late}。'],
  minutesLate: ['{count} min', ' {count} 分钟'],
  hoursLate: ['{count} h', ' {count} 小时'],
  stopOverBefore: ['Its time was over before anybody set out: call the customer.', '出发前约定时间已过，请联系顾客。'],
  stopTooFar: [
    'The way there takes longer than the time that is left, even without other stops: call the customer, or give it to a rider.',
    '即使直接前往，剩余时间也不够：请联系顾客，或改由骑手配送。',
  ],
  stopOthersFirst: [
    'It would be in time if it were the first, but others go before it, whose delay would be longer. A second person could take it.',
    '若先送此单可准时，但优先配送了延误会更久的其他订单。可安排另一人送达。',
  ],
  stopCall: ['Call {phone}', '致电 {phone}'],
  kilometres: ['{km} km', '{km} 公里'],
} as const satisfies Record<string, readonly [en: string, zh: string]>;
