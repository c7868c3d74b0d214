import { MAX_DROPS, type PlaceNote, type RoutingExplanation } from './explain-routing.js';
import type { DropReason } from './filter-places.js';
import { sayFigure } from './say-figure.js';
import { TRIED_VERSION } from './sourcing-rule.js';
import { CRITERION_TERMS, kmIn, type Language, REASON_TERMS, sayDrop } from './sourcing-terms.js';

/**
 * A routing in sentences for whoever runs a store: what goes where, why there, what came next, who was passed over.
 * `nameOf` gives the name a place is known by; its code, where nobody knows one.
 */
export function sayRouting(
  explanation: RoutingExplanation,
  language: Language,
  nameOf: (location: string) => string = (location) => location,
): string[] {
  const isHeldBack = explanation.heldBackBy !== undefined;
  const chosen = explanation.places.filter(({ outcome }) => outcome === 'chosen' && !isHeldBack);
  const say = language === 'en' ? ENGLISH : CHINESE;
  const nameAll = (locations: readonly string[]) => say.all(locations.map(nameOf));
  const { handedOverAt } = explanation;
  const refused = refusedBeside(explanation);
  return [
    handedOverAt === undefined
      ? say.result(explanation, nameAll(explanation.chosen?.locations ?? []))
      : say.handedOver(nameOf(handedOverAt), refused.includes(handedOverAt)),
    ...(handedOverAt === undefined && refused.length > 0 ? [say.refused(nameAll(refused))] : []),
    ...(explanation.insteadOf ? [say.insteadOf(nameAll(explanation.insteadOf.locations), dayOf(explanation))] : []),
    ...(explanation.broughtTo === undefined || isHeldBack ? [] : [say.brought(nameOf(explanation.broughtTo))]),
    ...chosen.map((note) => say.place(nameOf(note.location), note, explanation.counts.ranked)),
    ...(isHeldBack ? [] : runnerUpOf(explanation, language, nameAll)),
    ...(explanation.splitForbiddenBy && explanation.placedUnits < explanation.askedUnits
      ? [say.noSplit(explanation.splitForbiddenBy)]
      : []),
    ...countsOf(explanation, language),
    ...explanation.places
      .flatMap(({ location, drop }) => (drop ? [say.passedOver(nameOf(location), sayDrop(drop, language))] : []))
      .slice(0, MAX_DROPS),
    ...(explanation.isOptimal ? [] : [say.notExact]),
    say.rule(explanation),
  ];
}

/** A place that refused it and still holds it at this moment has nothing to give: no place that was passed over tells of it. */
const refusedBeside = ({ refusedBy = [], places }: RoutingExplanation): readonly string[] =>
  refusedBy.filter((code) => !places.some(({ location, drop }) => drop && location === code));

function runnerUpOf(
  { chosen, runnerUp, criteria, stepKm }: RoutingExplanation,
  language: Language,
  nameAll: (locations: readonly string[]) => string,
): string[] {
  if (!chosen) return [];
  const say = language === 'en' ? ENGLISH : CHINESE;
  if (!runnerUp) return [say.noRunnerUp];
  const column = criteria.indexOf(runnerUp.lostBy);
  const why = CRITERION_TERMS[runnerUp.lostBy][language];
  const figured = (figure: number) => sayFigure(runnerUp.lostBy, figure, language, stepKm);
  const figures: [string, string] | undefined =
    runnerUp.lostBy === 'code_order'
      ? undefined
      : [figured(runnerUp.charges[column]!), figured(chosen.charges[column]!)];
  return [say.runnerUp(nameAll(runnerUp.locations), why, figures)];
}

function countsOf({ counts }: RoutingExplanation, language: Language): string[] {
  const reasons = Object.entries(counts.dropped) as [DropReason, number][];
  if (reasons.length === 0) return [];
  reasons.sort((a, b) => b[1] - a[1]);
  const dropped = reasons.reduce((sum, [, count]) => sum + count, 0);
  const say = language === 'en' ? ENGLISH : CHINESE;
  return [
    say.counts(
      dropped,
      counts.candidates,
      reasons.map(([reason, count]) => say.count(count, reason)),
    ),
  ];
}

/** Of the calendar of UTC, as expectations are told. */
const dayOf = ({ insteadOf }: RoutingExplanation): string | undefined =>
  insteadOf?.expectedAtMs === undefined ? undefined : new Date(insteadOf.expectedAtMs).toISOString().slice(0, 10);

interface Phrases {
  all(names: readonly string[]): string;
  handedOver(store: string, isRefused: boolean): string;
  refused(names: string): string;
  result(explanation: RoutingExplanation, names: string): string;
  brought(store: string): string;
  insteadOf(names: string, day: string | undefined): string;
  place(name: string, note: PlaceNote, ranked: number): string;
  runnerUp(names: string, why: string, figures: readonly [string, string] | undefined): string;
  readonly noRunnerUp: string;
  noSplit(by: 'value' | 'max_splits'): string;
  counts(dropped: number, candidates: number, reasons: readonly string[]): string;
  count(count: number, reason: DropReason): string;
  passedOver(name: string, why: string): string;
  readonly notExact: string;
  rule(explanation: RoutingExplanation): string;
}

const pieces = (count: number): string => (count === 1 ? '1 piece' : `${count} pieces`);

const ENGLISH: Phrases = {
  all: (names) => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`),
  handedOver: (store, isRefused) =>
    isRefused
      ? `${store}, where the goods are to be handed over, refused the order, and no other place may serve it: choose another store or delivery for it, or cancel it.`
      : `${store}, where the goods are to be handed over, has none of it for this channel now.`,
  refused: (names) => `Not asked again, having refused the order or not answered in time: ${names}.`,
  result({ askedUnits, placedUnits, heldBackBy, counts, refusedBy, isRest }, names) {
    const left = isRest ? `what is left of the order (${pieces(askedUnits)})` : 'it';
    if (counts.candidates === 0)
      return `No ${refusedBy ? 'other ' : ''}place that serves this channel has any of ${left} now.`;
    if (heldBackBy)
      return `Only ${placedUnits} of ${pieces(askedUnits)} could be had now (${names}); the customer wants all or nothing, so nothing is taken and the order waits.`;
    if (placedUnits === 0) return `No place can serve any of the ${pieces(askedUnits)} now.`;
    if (placedUnits === askedUnits)
      return `${isRest ? 'What was left of the order' : 'The whole order'} (${pieces(askedUnits)}) goes to ${names}.`;
    return `${placedUnits} of ${pieces(askedUnits)} go to ${names}; no place was found for ${askedUnits - placedUnits}.`;
  },
  brought: (store) => `It is collected at ${store}; what does not lie there is brought to it by a transfer.`,
  insteadOf: (names, day) =>
    `Until now it was promised of what is on its way to ${names}${day === undefined ? ', and nobody has told when that comes' : `, to leave on ${day}`}; there is stock sooner. That promise is given back only once this is reserved.`,
  place(name, { givenUnits = 0, rank, isSameCity, distanceM, openTasks, worksFrom, agreement }, ranked) {
    const facts = [
      ...(isSameCity === undefined ? [] : [isSameCity ? 'in the customer’s city' : 'in another city']),
      ...(distanceM === undefined ? [] : [`${kmIn(distanceM, 'en')} away`]),
      `${openTasks} open ${openTasks === 1 ? 'task' : 'tasks'}`,
      ...(agreement ? [`by agreement ${agreement.id}, commission ${agreement.commissionPercent} %`] : []),
      ...(worksFrom === undefined ? [] : [`full today, so it works on it from ${worksFrom} on`]),
    ];
    const standing = ranked === 1 ? 'the only possible place' : `number ${rank} of ${ranked} possible places`;
    return `${name} gives ${pieces(givenUnits)}: ${standing} (${facts.join(', ')}).`;
  },
  runnerUp: (names, why, figures) =>
    `Next best was ${names}: it ${why}${figures ? ` (${figures[0]} against ${figures[1]})` : ''}.`,
  noRunnerUp: 'No other choice of places was found that serves as much.',
  noSplit: (by) =>
    by === 'value'
      ? 'The order is worth too little to be split, so it had to come from one place.'
      : 'The rule allows no split, so the order had to come from one place.',
  counts: (dropped, candidates, reasons) =>
    `${dropped} of ${candidates} ${candidates === 1 ? 'place' : 'places'} ${dropped === 1 ? 'was' : 'were'} passed over: ${reasons.join('; ')}.`,
  count: (count, reason) => `${count} ${REASON_TERMS[reason][count === 1 ? 'one' : 'en']}`,
  passedOver: (name, why) => `${name} was passed over: ${why}.`,
  notExact: 'The order is so large that not every choice of places was compared; a better one may exist.',
  rule: ({ ruleVersion, ruleChannel }) =>
    ruleVersion === TRIED_VERSION
      ? 'Decided by the rule that is tried out.'
      : ruleVersion === 0
        ? 'Decided by the rule the software comes with.'
        : `Decided by version ${ruleVersion} of the rules${ruleChannel === undefined ? '' : `, for channel ${ruleChannel}`}.`,
};

const CHINESE: Phrases = {
  all: (names) => names.join('、'),
  handedOver: (store, isRefused) =>
    isRefused
      ? `顾客取货的门店 ${store} 已拒单或超时，其他地点不能代为供应：请为订单改选门店或配送方式，或取消订单。`
      : `顾客取货的门店 ${store} 目前无该渠道可售的库存。`,
  refused: (names) => `以下地点曾拒单或超时，不再询问：${names}。`,
  result({ askedUnits, placedUnits, heldBackBy, counts, refusedBy, isRest }, names) {
    if (counts.candidates === 0)
      return `服务该渠道的${refusedBy ? '其他' : ''}地点目前均无${isRest ? `订单其余部分（${askedUnits} 件）的` : ''}货。`;
    if (heldBackBy)
      return `${askedUnits} 件中目前只能供应 ${placedUnits} 件（${names}）；顾客要求整单齐货，因此暂不占用库存，订单继续等待。`;
    if (placedUnits === 0) return `目前没有地点能供应该订单（共 ${askedUnits} 件）。`;
    if (placedUnits === askedUnits) return `${isRest ? '订单其余部分' : '整单'}（${askedUnits} 件）由 ${names} 供应。`;
    return `${askedUnits} 件中有 ${placedUnits} 件由 ${names} 供应，其余 ${askedUnits - placedUnits} 件暂无地点可供。`;
  },
  brought: (store) => `顾客在 ${store} 自提；不在该店的货品将调拨到店。`,
  insteadOf: (names, day) =>
    `此前由发往 ${names} 的在途库存承诺（${day === undefined ? '到货日期未知' : `预计 ${day} 发出`}），现有更早可供的库存；在此预留成功后才释放原承诺。`,
  place(name, { givenUnits = 0, rank, isSameCity, distanceM, openTasks, worksFrom, agreement }, ranked) {
    const facts = [
      ...(isSameCity === undefined ? [] : [isSameCity ? '与顾客同城' : '在外城']),
      ...(distanceM === undefined ? [] : [`距离 ${kmIn(distanceM, 'zh')}`]),
      `待办任务 ${openTasks} 个`,
      ...(agreement ? [`依据代理协议 ${agreement.id}，佣金 ${agreement.commissionPercent} %`] : []),
      ...(worksFrom === undefined ? [] : [`今日接单能力已满，自 ${worksFrom} 起处理`]),
    ];
    const standing = ranked === 1 ? '唯一的可选地点' : `在 ${ranked} 个可选地点中排第 ${rank}`;
    return `${name} 供应 ${givenUnits} 件：${standing}（${facts.join('，')}）。`;
  },
  runnerUp: (names, why, figures) =>
    `次优方案是 ${names}：${why}${figures ? `（${figures[0]}，所选方案为 ${figures[1]}）` : ''}。`,
  noRunnerUp: '没有找到能供应同样件数的其他方案。',
  noSplit: (by) =>
    by === 'value' ? '订单金额未达到拆单标准，只能由一个地点供应。' : '规则不允许拆单，只能由一个地点供应。',
  counts: (dropped, candidates, reasons) => `${candidates} 个地点中有 ${dropped} 个未入选：${reasons.join('；')}。`,
  count: (count, reason) => `${count} 个${REASON_TERMS[reason].zh}`,
  passedOver: (name, why) => `${name} 未入选：${why}。`,
  notExact: '订单过大，未能比较全部方案，可能存在更优方案。',
  rule: ({ ruleVersion, ruleChannel }) =>
    ruleVersion === TRIED_VERSION
      ? '依据试用的规则决定。'
      : ruleVersion === 0
        ? '依据系统自带的规则决定。'
        : `依据规则第 ${ruleVersion} 版${ruleChannel === undefined ? '' : `（渠道 ${ruleChannel}）`}决定。`,
};
