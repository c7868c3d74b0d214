import { inventory, type Mutation, orders, streaming } from './mutation.ts';

const ofDecisions: Mutation[] = [
  {
    name: 'release-unsent',
    what: 'what an order gives back is not asked of the ledger',
    file: orders('domain/ledger-commands'),
    find: "        return hold.transfer === undefined ? [step('release', hold)] : [];",
    replace: '        return hold.transfer === undefined ? [] : [];',
  },
  {
    name: 'fulfil-unsent',
    what: 'the ledger never hears that it left the house',
    file: orders('domain/ledger-commands'),
    find: "hasGoneOut(event) && event.state !== 'DELIVERED'",
    replace: "hasGoneOut(event) && event.state === 'ASSIGNED'",
  },
  {
    name: 'cancel-forgets-asked',
    what: 'a cancelled order keeps what it had just asked for',
    file: orders('domain/cancel-order'),
    find: 'if (isOpen(hold)) draft.add',
    replace: "if (isOpen(hold) && hold.state !== 'asked') draft.add",
  },
  {
    name: 'rejected-keeps-units',
    what: 'a rejected task gives nothing back',
    file: orders('domain/work-task'),
    find: "if (task === number && state === 'held')",
    replace: "if (task === number && state === 'asked')",
  },
  {
    name: 'never-asked-again',
    what: 'a question to the ledger without an answer is never asked again',
    file: orders('domain/fall-due'),
    find: 'isQuestion(hold) && askAgainAtMs(hold, askAgainAfterMs) <= atMs',
    replace: 'isQuestion(hold) && askAgainAtMs(hold, askAgainAfterMs) < 0',
  },
  {
    name: 'accept-for-ever',
    what: 'a store that does not answer keeps its task',
    file: orders('domain/fall-due'),
    find: 'task.acceptByMs <= atMs)',
    replace: 'task.acceptByMs < 0)',
  },
  {
    name: 'reservation-id-again',
    what: 'the name of a reservation is used again',
    file: orders('domain/settle-order'),
    find: 'reservationIdOf(orderId, lineId, holdsAsked + 1)',
    replace: 'reservationIdOf(orderId, lineId, 1)',
  },
  {
    name: 'gone-out-uncounted',
    what: 'what has left the house is asked for once more',
    file: orders('domain/hold'),
    find: "state !== 'released' && state !== 'refused';",
    replace: "state !== 'released' && state !== 'refused' && state !== 'fulfilled';",
  },
  {
    name: 'replaced-is-kept',
    what: 'a promise of a delivery that was replaced by stock elsewhere is not given back',
    file: orders('domain/ledger-commands'),
    find: "event.type === 'backorder_replaced' ? [step('release', getHold(order, event.reservationId))] : [];",
    replace: "event.type === 'backorder_replaced' ? [] : [];",
  },
  {
    name: 'try-outlives-arrival',
    what: 'stock elsewhere is taken though the delivery that it was to replace has come',
    file: orders('domain/presale/drop-tries'),
    find: 'if (!isOpen || !isNeeded(one))',
    replace: 'if (!isNeeded(one))',
  },
  {
    name: 'day-moved-untold',
    what: 'nobody is told that what he awaits comes on another day',
    file: inventory('stock-fold'),
    find: 'arrivals = [...(arrivals ?? []), ...movedNotices(message, event, applied.version)];',
    replace: 'arrivals = [...(arrivals ?? [])];',
  },
  {
    name: 'delivery-cancelled-unheard',
    what: 'an order goes on waiting for a delivery that is cancelled',
    file: orders('presale/delivery-messages'),
    find: "return [{ type: 'delivery_fell_short', ...common }];",
    replace: 'return [];',
  },
  {
    name: 'cancelled-is-wanted',
    what: 'cancelled units are asked for all the same',
    file: orders('domain/order'),
    find: 'const rest = quantity - cancelledUnits - covered;',
    replace: 'const rest = quantity - covered;',
  },
];

const ofTheStream: Mutation[] = [
  {
    name: 'orders-before-the-batch',
    what: 'every message of a batch is decided over the orders before the batch',
    file: orders('orders-intake.handler'),
    find: '    this.orders.set(order.orderId, order);\n    this.changed.set(',
    replace:
      '    const first = this.changed.has(order.orderId);\n    if (!first) this.orders.set(order.orderId, order);\n    this.changed.set(',
  },
  {
    name: 'orders-of-a-former-time',
    what: 'remember the orders of a partition that was given away',
    file: orders('orders-intake.stream'),
    find: '      recent.released(partition);\n',
    replace: '',
  },
  {
    name: 'presumed-new-for-ever',
    what: 'take an order for new again though its insert was refused',
    file: orders('recent-orders'),
    find: 'if (placed.some((id) => own.presumed.has(id))) own.lookUpFirst = CALM_BATCHES;',
    replace: '',
  },
  {
    name: 'settled-again',
    what: 'whoever placed it is told with every change what became of it',
    file: orders('orders-intake.handler'),
    find: 'if (!before || before.isDecided || !isDecided) return [];',
    replace: 'if (!before || !isDecided) return [];',
  },
  {
    name: 'task-changes-untold',
    what: 'stores hear of new tasks only',
    file: orders('orders-intake.handler'),
    find: 'before.get(number) !== version)',
    replace: '!before.has(number))',
  },
  {
    name: 'tasks-not-republished',
    what: 'a new owner does not send the tasks that the old one left unsent',
    file: orders('orders-intake.stream'),
    find: '      return [...own.flatMap(entryOutputs), ...tasks, ...tracked];',
    replace: '      return tasks.length < 0 ? tasks : [...own.flatMap(entryOutputs), ...tracked];',
  },
  {
    name: 'commands-not-republished',
    what: 'a new owner does not ask of the ledger what the old one left unasked',
    file: orders('orders-intake.stream'),
    find: '      return [...own.flatMap(entryOutputs), ...tasks, ...tracked];',
    replace: '      return [...tasks, ...tracked];',
  },
  {
    name: 'orders-not-answered-again',
    what: 'a repeated message to orders is not answered again',
    file: orders('orders-intake.stream'),
    find: '      return answer ? answerOutputs(heardAgain(answer)) : [];',
    replace: '      return answer && answer.version < 0 ? answerOutputs(heardAgain(answer)) : [];',
  },
  {
    name: 'due-sooner-unheard',
    what: 'what a commit makes due sooner is not remembered',
    file: streaming('earliest-due'),
    find: '      own.earliestMs = Math.min(own.earliestMs, dueMs);\n',
    replace: '',
  },
];

const ofBasketsAndReturns: Mutation[] = [
  {
    name: 'basket-for-ever',
    what: 'a basket that nobody orders keeps what is held for it',
    file: orders('domain/fall-due'),
    find: 'order.cart.untilMs <= atMs',
    replace: 'order.cart.untilMs < 0',
  },
  {
    name: 'handed-back-restocked',
    what: 'what its customer takes home again stands in stock as well',
    file: orders('domain/returns/return-effects'),
    find: "      case 'hand_back':\n      case undefined:",
    replace: "      case 'hand_back':\n        return [back];\n      case undefined:",
  },
  {
    name: 'brought-back-twice',
    what: 'what has come back already may come once more',
    file: orders('domain/returns/request-return'),
    find: '  unitsComingBack(returns, lineId);',
    replace: '  0 * unitsComingBack(returns, lineId);',
  },
  {
    name: 'return-facts-unsent',
    what: 'the ledger never hears of what came back',
    file: orders('domain/returns/return-effects'),
    find: "  if (step.type !== 'disposed') return [];",
    replace: "  if (step.type !== 'cancelled') return [];",
  },
];

export const ORDER_MUTATIONS: readonly Mutation[] = [...ofDecisions, ...ofTheStream, ...ofBasketsAndReturns];
