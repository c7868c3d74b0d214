/** Texts of the customer's tracking page, both languages side by side. */
export const TRACK_TEXTS = {
  trackTitle: ['Your order', '您的订单'],
  trackHint: ['How far your order is, as it happens.', '实时查看订单进度。'],
  trackOrder: ['Order {id}', '订单 {id}'],
  trackPlaced: ['Placed {time}', '下单时间：{time}'],
  trackPromised: ['Promised by {time}', '承诺送达：{time}'],
  trackNext: ['What happens next', '接下来'],
  trackSteps: ['Steps of your order', '订单进度'],
  trackProducts: ['What you ordered', '商品明细'],
  trackParcelOf: ['Parcel {number} of {count}', '包裹 {number}/{count}'],
  trackLeftOut: ['{count} of it do not come', '其中 {count} 件已取消'],
  trackOffline: [
    'No connection. What is shown was true at {time}; it goes on by itself.',
    '连接已断开。所示为 {time} 的情况，恢复后自动更新。',
  ],

  trackNoneHappened: ['This address names no order.', '此网址未包含订单。'],
  trackNoneMeans: [
    'A tracking link ends in #track= and some letters; here they are missing.',
    '订单跟踪链接以 #track= 及一串字符结尾，此处缺失。',
  ],
  trackNoneDo: [
    'Open the whole link that the shop sent you, or ask it for a new one.',
    '请打开商家发送的完整链接，或请商家重新发送。',
  ],
  trackRefusedHappened: ['This link does not open an order.', '此链接无法打开订单。'],
  trackRefusedMeans: [
    'It has run out, was taken back, or was not copied as a whole.',
    '链接可能已过期、被撤回，或复制不完整。',
  ],
  trackRefusedDo: [
    'Open the whole link once more, or ask the shop for a new one.',
    '请重新打开完整链接，或请商家发送新链接。',
  ],
  trackSoon: ['Fetching your order…', '正在获取订单…'],
  trackOver: [
    'This order was finished a while ago, so its steps are not kept here any more.',
    '该订单早已结束，此处不再保留进度。',
  ],
  trackAwayHappened: ['The shop does not answer.', '商家系统没有响应。'],
  trackAwayMeans: ['Your order is kept and is not affected.', '您的订单已保存，不受影响。'],
  trackAwayDo: ['It is tried again by itself. Leave this page open.', '系统会自动重试，请保持本页打开。'],

  trackReserving: ['Being checked', '正在确认'],
  trackReservingNext: ['We find the place that has it. This takes some seconds.', '正在查找有货的地点，需要几秒钟。'],
  trackWaiting: ['Waiting for stock', '等待到货'],
  trackWaitingNext: [
    'Not everything is there at the moment. The rest is sent as soon as it comes in; you need not do anything.',
    '部分商品暂时缺货，到货后即安排发出，您无需操作。',
  ],
  trackCancelled: ['Cancelled', '已取消'],
  trackCancelledNext: [
    'Nothing comes any more. What you paid is returned by the shop you ordered from; ask there if it does not arrive.',
    '订单不再发出。已付款项由下单商家退回；如未收到，请联系商家。',
  ],
  trackOutOfStockNext: [
    'It could not be found in any of our places, so nothing comes. What you paid is returned by the shop you ordered from.',
    '所有地点均缺货，因此无法发出。已付款项由下单商家退回。',
  ],
  trackCompleted: ['All done', '已完成'],
  trackCompletedNext: [
    'You have everything. Keep the order number in case you want to return something.',
    '商品已全部送达。如需退货，请保留订单号。',
  ],
  trackPartly: ['Done, but for what was cancelled', '已完成（部分取消）'],
  trackPartlyNext: [
    'What could not be had was cancelled and stands below. What you paid for it is returned by the shop you ordered from.',
    '缺货部分已取消（见下方），相应款项由下单商家退回。',
  ],
  trackSeveral: ['On its way in {count} parcels', '分 {count} 个包裹发出'],
  trackSeveralNext: [
    'They come from different places, and may come on different days. Each stands below.',
    '包裹来自不同地点，可能分批到达，详见下方。',
  ],

  trackASSIGNED: ['Passed to a store', '已派至门店'],
  trackASSIGNEDNext: [
    'The store confirms it shortly. If it cannot, another one takes over by itself.',
    '门店即将确认；若无法处理，将自动转给其他门店。',
  ],
  trackACCEPTED: ['Confirmed by the store', '门店已确认'],
  trackACCEPTEDNext: ['Somebody is about to take your things from the shelves.', '店员即将为您拣货。'],
  trackPICKING: ['Being collected from the shelves', '正在拣货'],
  trackPICKINGNext: ['Then it is packed.', '随后将为您打包。'],
  trackPACKED: ['Packed', '已打包'],
  trackPACKEDNext: ['It leaves the house next.', '即将发出。'],
  trackPACKEDNextPickup: [
    'It is brought to the counter next. The code to collect it with appears here then.',
    '即将送至取货处，届时此处会显示取货码。',
  ],
  trackREADY_FOR_PICKUP: ['Ready to collect', '可以取货了'],
  trackREADY_FOR_PICKUPNext: ['Go to {store} and show the code below.', '请到 {store} 出示下方取货码。'],
  trackHANDED_OVER: ['Collected', '已取货'],
  trackHANDED_OVERNext: ['You have it. Enjoy it!', '您已取货，祝您使用愉快！'],
  trackSHIPPED: ['On its way to you', '正在送往您处'],
  trackSHIPPEDNext: ['It is brought to your address.', '即将送达您的地址。'],
  trackDELIVERED: ['Delivered', '已送达'],
  trackDELIVEREDNext: ['It was brought to your address.', '已送达您的地址。'],
  trackOTHER: ['Being seen to', '处理中'],

  trackStepPlaced: ['Ordered', '已下单'],
  trackStepACCEPTED: ['Confirmed', '已确认'],
  trackStepPICKING: ['Picking', '拣货'],
  trackStepPACKED: ['Packed', '打包'],
  trackStepREADY_FOR_PICKUP: ['Ready to collect', '待取货'],
  trackStepHANDED_OVER: ['Collected', '已取货'],
  trackStepSHIPPED: ['On its way', '配送中'],
  trackStepDELIVERED: ['Delivered', '已送达'],

  trackCode: ['Your code', '取货码'],
  trackCodeDo: ['Say it at the counter, or let the QR code be scanned.', '在取货处报出取货码，或出示二维码扫描。'],
  trackCodeSecret: [
    'Who shows it gets the goods: give it only to somebody you send.',
    '出示者即可取货，请勿随意告知他人。',
  ],
  trackCollectBy: ['Collect it by {time}; after that it goes back on sale.', '请在 {time} 前取货，逾期将重新上架。'],
  trackLocked: [
    'This code is locked: wrong codes were shown too often. Ask the shop for a new one; it appears here by itself.',
    '取货码已锁定：错误次数过多。请联系商家重新获取，新码会自动显示在此。',
  ],
  trackQr: ['QR code of {code}', '取货码 {code} 的二维码'],
  trackOpen: ['The page your customer gets', '顾客看到的页面'],
} as const satisfies Record<string, readonly [en: string, zh: string]>;
