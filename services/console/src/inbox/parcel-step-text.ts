import type { TextKey } from '../texts.js';

const STEPS: Readonly<Record<string, TextKey>> = {
  label_cancelled: 'parcelLabelCancelled',
  collected: 'parcelCollected',
  out_for_delivery: 'parcelOutForDelivery',
  failed: 'parcelNotDelivered',
  returned: 'parcelReturned',
};

/** Where the courier has it. Undefined of what is told otherwise already, and of a state that this page does not know yet. */
export const parcelStepText = (state: string): TextKey | undefined => STEPS[state];
