import { type Mutation, orders } from './mutation.ts';

export const TRANSFER_MUTATIONS: readonly Mutation[] = [
  {
    name: 'short-unsaid',
    what: 'the ledger never hears of what did not come',
    file: orders('domain/transfers/transfer-commands'),
    find: "return [withdrawn(`transfer_short: ${event.reason ?? 'did not come'}`)];",
    replace: 'return [];',
  },
  {
    name: 'over-unsaid',
    what: 'what came beyond what left stands in no book',
    file: orders('domain/transfers/transfer-commands'),
    find: "    ...some(over, fact('adjustment', 'over', to, over, because('over', 'more came than left'))),\n",
    replace: '',
  },
  {
    name: 'stayed-and-left',
    what: 'what stayed of a shipment is gone from where it stands',
    file: orders('domain/transfers/transfer-commands'),
    find: '          event.stayed,\n',
    replace: '          0 * event.stayed,\n',
  },
  {
    name: 'turned-back-and-under-way',
    what: 'what has turned round may come all the same',
    file: orders('domain/transfers/transfer'),
    find: 'turnedBackUnits: line.turnedBackUnits + event.units',
    replace: 'turnedBackUnits: line.turnedBackUnits',
  },
  {
    name: 'cancelled-transfer-holds',
    what: 'a cancelled transfer keeps what is reserved for it',
    file: orders('domain/transfers/transfer-commands'),
    find: "      return [step('release')];",
    replace: '      return [];',
  },
  {
    name: 'withdrawal-unsent',
    what: 'a transfer never hears that its order does not want it any more',
    file: orders('domain/pickup-transfer/transfer-requests'),
    find: '  return [...requests, ...[...withdrawn].map(([number, lines]) => withdrawal(order, number, lines))];',
    replace: '  return withdrawn.size < 0 ? [withdrawal(order, 0, [])] : requests;',
  },
  {
    name: 'arrival-untold',
    what: 'an order never hears that its goods have come',
    file: orders('domain/transfers/tell-order'),
    find: '...(arrival ? [arrived(lineId, is, arrival)] : []),',
    replace: '...(arrival && lost < 0 ? [arrived(lineId, is, arrival)] : []),',
  },
  {
    name: 'transfers-not-republished',
    what: 'a new owner does not send what the old one left unsent of transfers',
    file: orders('transfers/transfers-intake.stream'),
    find: '  republish: (entries) => Promise.resolve((entries as readonly TransferEntry[]).flatMap(entryOutputs)),',
    replace:
      '  republish: (entries) => Promise.resolve((entries.slice(entries.length) as TransferEntry[]).flatMap(entryOutputs)),',
  },
];
