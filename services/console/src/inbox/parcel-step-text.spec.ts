import { expect, it } from '@jest/globals';
import { TaskParcel } from '@shelfline/contracts/order-view';
import { parcelStepText } from './parcel-step-text.js';

it('where the courier has a parcel is said of every state but those that the card tells otherwise', () => {
  const unsaid = TaskParcel.shape.state.options.filter((state) => parcelStepText(state) === undefined);
  expect(unsaid).toEqual(['labelled', 'label_failed', 'delivered']);
});
