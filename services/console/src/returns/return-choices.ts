export const CONDITIONS = ['as_new', 'opened', 'damaged', 'faulty', 'wrong_item'] as const;
export type Condition = (typeof CONDITIONS)[number];
export const FATES = ['restock', 'quality_control', 'write_off', 'hand_back'] as const;
export type Fate = (typeof FATES)[number];

export interface ReturnLine {
  readonly lineId: string;
  readonly sku: string;
  readonly receivedUnits: number;
  readonly acceptedUnits: number;
  readonly declinedUnits: number;
  readonly disposedUnits: number;
}
export interface StoreReturn {
  readonly orderId: string;
  readonly returnId: string;
  readonly channelOrder?: string;
  readonly state: 'HELD' | 'REQUESTED' | 'RECEIVED' | 'CLOSED' | 'CANCELLED';
  readonly lines: readonly ReturnLine[];
  readonly refundMinor?: number;
  readonly currency?: string;
  readonly version: number;
}
export interface Choice {
  readonly condition: Condition;
  readonly fate: Fate;
}
/** By line. */
export type Choices = Readonly<Record<string, Choice>>;

const USUAL_FATE: Readonly<Record<Condition, Fate>> = {
  as_new: 'restock',
  opened: 'quality_control',
  damaged: 'write_off',
  faulty: 'write_off',
  wrong_item: 'hand_back',
};
export const withCondition = (condition: Condition): Choice => ({ condition, fate: USUAL_FATE[condition] });
export const choiceOf = (choices: Choices, lineId: string): Choice => choices[lineId] ?? withCondition('as_new');

/** What has come and nobody has looked at yet. */
export const toInspect = ({ lines }: Pick<StoreReturn, 'lines'>, choices: Choices) =>
  lines.flatMap(({ lineId, receivedUnits, acceptedUnits, declinedUnits }) => {
    const units = receivedUnits - acceptedUnits - declinedUnits;
    return units > 0 ? [{ lineId, units, condition: choiceOf(choices, lineId).condition }] : [];
  });

/** What was looked at and lies there still. Where none of a line was accepted, its pieces are the customer's. */
export const toDispose = ({ lines }: Pick<StoreReturn, 'lines'>, choices: Choices) =>
  lines.flatMap(
    ({ lineId, acceptedUnits, declinedUnits, disposedUnits }): { lineId: string; units: number; to: Fate }[] => {
      const units = acceptedUnits + declinedUnits - disposedUnits;
      if (units <= 0) return [];
      return [{ lineId, units, to: acceptedUnits === 0 ? 'hand_back' : choiceOf(choices, lineId).fate }];
    },
  );
